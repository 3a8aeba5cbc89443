package dev.bulkhead.contract.toml;

import java.util.OptionalInt;

/** A look at the brackets before the parser recurses into them. */
final class Nesting {
    private Nesting() {}

    /**
     * The line on which brackets outside of one-line strings and comments first nest deeper than allowed. Text that fools
     * this scan (long strings with brackets) is refused rather than parsed.
     */
    static OptionalInt firstTooDeep(String text, int allowed) {
        int line = 1;
        int depth = 0;
        char quote = 0;
        boolean comment = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\n') {
                line++;
                quote = 0;
                comment = false;
            } else if (quote != 0) {
                i += c == '\\' && quote == '"' ? 1 : 0;
                quote = c == quote ? 0 : quote;
            } else if (!comment) {
                quote = c == '"' || c == '\'' ? c : 0;
                comment = c == '#';
                depth = Math.max(0, depth + (c == '[' || c == '{' ? 1 : c == ']' || c == '}' ? -1 : 0));
            }
            if (depth > allowed) {
                return OptionalInt.of(line);
            }
        }
        return OptionalInt.empty();
    }
}

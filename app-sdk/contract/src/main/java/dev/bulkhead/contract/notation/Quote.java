package dev.bulkhead.contract.notation;

/**
 * A stranger's text in a message of ours: what it holds is shown, not obeyed, and never longer than a reader needs. Control characters, line separators
 * and marks that turn the direction of writing become U+FFFD. Pure functions.
 */
public final class Quote {
    /** Characters of a name, in a message that names it. */
    private static final int NAME = 200;

    private Quote() {}

    /** A name of a stranger's choice: its first 200 characters, and if there are more how many it has. */
    public static String of(String name) {
        int characters = name.codePointCount(0, name.length());
        return characters <= NAME ? of(name, NAME) : of(name, NAME) + " (" + characters + " characters)";
    }

    /** The first characters, and an ellipsis if there are more. */
    public static String of(String text, int longest) {
        StringBuilder quote = new StringBuilder();
        text.codePoints().limit(longest).forEach(c -> quote.appendCodePoint(harmless(c) ? c : '\uFFFD'));
        return text.codePointCount(0, text.length()) > longest
                ? quote.append('…').toString()
                : quote.toString();
    }

    /** A whole line of text, without the blanks at its end; a tab stays a tab. */
    public static String line(String text) {
        String trimmed = text.stripTrailing();
        StringBuilder line = new StringBuilder(trimmed.length());
        trimmed.codePoints().forEach(c -> line.appendCodePoint(c == '\t' || harmless(c) ? c : '\uFFFD'));
        return line.toString();
    }

    private static boolean harmless(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR, Character.SURROGATE ->
                false;
            case Character.FORMAT -> !turns(c);
            default -> true;
        };
    }

    /** Embeddings, overrides and isolates of the bidirectional algorithm (UAX #9, 2.1 to 2.4). */
    private static boolean turns(int c) {
        return (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
    }
}

package dev.bulkhead.contract.capability;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Cuts a condition into tokens, each with its column from 1. */
final class ConditionTokens {
    enum Kind {
        NAME,
        NUMBER,
        STRING,
        SIGN,
        END
    }

    /** @param text the token; for a string its content without quotes */
    record Token(Kind kind, String text, int column) {}

    private static final Pattern NAME =
            Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,63}(?:\\.[A-Za-z0-9_]{1,64}){0,31}(?![A-Za-z0-9_.*])");
    private static final Pattern NUMBER = Pattern.compile("-?[0-9][0-9A-Za-z.]*(?:(?<=[eE])[+-][0-9]+)?");
    private static final Pattern STRING =
            Pattern.compile("'((?:[^'\\\\]|\\\\['\\\\]){0,128})'|\"((?:[^\"\\\\]|\\\\[\"\\\\]){0,128})\"");
    private static final Pattern SIGN = Pattern.compile("==|!=|<=|>=|&&|\\|\\||[<>!()]");

    private ConditionTokens() {}

    static List<Token> of(String text) {
        List<Token> tokens = new ArrayList<>();
        int at = 0;
        while (at < text.length()) {
            if (text.charAt(at) == ' ' || text.charAt(at) == '\t') {
                at++;
                continue;
            }
            at = one(text, at, tokens);
        }
        tokens.add(new Token(Kind.END, "", text.length() + 1));
        return tokens;
    }

    private static int one(String text, int at, List<Token> tokens) {
        Matcher matcher = SIGN.matcher(text).region(at, text.length());
        if (matcher.lookingAt()) {
            return add(tokens, Kind.SIGN, matcher.group(), at, matcher.end());
        }
        matcher.usePattern(NAME);
        if (matcher.lookingAt()) {
            return add(tokens, Kind.NAME, matcher.group(), at, matcher.end());
        }
        matcher.usePattern(NUMBER);
        if (matcher.lookingAt()) {
            return add(tokens, Kind.NUMBER, matcher.group(), at, matcher.end());
        }
        matcher.usePattern(STRING);
        if (matcher.lookingAt()) {
            return add(tokens, Kind.STRING, unquote(matcher.group()), at, matcher.end());
        }
        throw new CapabilityException(text, at + 1, problem(text.charAt(at)), Optional.empty());
    }

    private static String problem(char c) {
        return switch (c) {
            case '\'', '"' -> "a string that does not end, is longer than 128 characters or has an unknown escape";
            case '=' -> "a single =; equality is written ==";
            case '&', '|' -> "a single " + c + "; write " + c + c;
            default ->
                Character.isLetter(c)
                        ? "a name that is not a plain VSS path (letters, digits, _ and single dots, no wildcard)"
                        : String.format("unexpected character '%s'", printable(c));
        };
    }

    private static String printable(char c) {
        return c >= ' ' && c < 127 ? String.valueOf(c) : String.format("\\u%04x", (int) c);
    }

    private static String unquote(String quoted) {
        return quoted.substring(1, quoted.length() - 1).replaceAll("\\\\(.)", "$1");
    }

    private static int add(List<Token> tokens, Kind kind, String text, int start, int end) {
        tokens.add(new Token(kind, text, start + 1));
        return end;
    }
}

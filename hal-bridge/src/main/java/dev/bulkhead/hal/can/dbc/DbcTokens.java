package dev.bulkhead.hal.can.dbc;

import java.util.Set;

/** Cuts the text of a DBC file into words, quoted texts and punctuation, keeping count of lines. Not thread-safe. */
final class DbcTokens {
    /** What a token is. */
    enum Kind {
        WORD,
        QUOTED,
        PUNCTUATION,
        END
    }

    /** A token that was not what the grammar wants here. */
    static final class Unexpected extends Exception {
        private static final long serialVersionUID = 1L;

        Unexpected(String message) {
            super(message, null, false, false);
        }
    }

    private static final String PUNCTUATION = ":;|@(),[]";
    private static final int MAX_TEXT = 65_536;

    private final String text;
    private int at;
    private int line = 1;
    private int tokenLine = 1;
    private int tokenStart;
    private boolean firstOnLine;
    private int endlessTextLine;
    private Kind kind = Kind.END;
    private String token = "";

    DbcTokens(String text) {
        this.text = text;
        advance();
    }

    Kind kind() {
        return kind;
    }

    /** The present token; quoted texts without their quotes. */
    String token() {
        return token;
    }

    /** Line of the present token, from 1. */
    int line() {
        return tokenLine;
    }

    /** Whether the present token is the first of its line. */
    boolean firstOnLine() {
        return firstOnLine;
    }

    /** The line where a quoted text begins that does not end; 0 when all end. */
    int endlessTextLine() {
        return endlessTextLine;
    }

    boolean is(String punctuation) {
        return kind == Kind.PUNCTUATION && token.equals(punctuation);
    }

    boolean isWord() {
        return kind == Kind.WORD;
    }

    void advance() {
        boolean newLine = skipSpace() || at == 0;
        firstOnLine = newLine;
        tokenLine = line;
        tokenStart = at;
        if (at >= text.length()) {
            kind = Kind.END;
            token = "";
        } else if (text.charAt(at) == '"') {
            quoted();
        } else if (PUNCTUATION.indexOf(text.charAt(at)) >= 0) {
            kind = Kind.PUNCTUATION;
            token = text.substring(at, ++at);
        } else {
            word();
        }
    }

    private boolean skipSpace() {
        boolean newLine = false;
        while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
            if (text.charAt(at++) == '\n') {
                line++;
                newLine = true;
            }
        }
        return newLine;
    }

    private void word() {
        while (at < text.length() && isWordCharacter(text.charAt(at))) {
            at++;
        }
        kind = Kind.WORD;
        token = text.substring(tokenStart, at);
    }

    private static boolean isWordCharacter(char c) {
        return !Character.isWhitespace(c) && c != '"' && PUNCTUATION.indexOf(c) < 0;
    }

    private void quoted() {
        StringBuilder content = new StringBuilder();
        int c = ++at;
        for (; c < text.length() && text.charAt(c) != '"'; c++) {
            if (text.charAt(c) == '\\'
                    && c + 1 < text.length()
                    && (text.charAt(c + 1) == '"' || text.charAt(c + 1) == '\\')) {
                c++;
            } else if (text.charAt(c) == '\n') {
                line++;
            }
            if (content.length() < MAX_TEXT) {
                content.append(text.charAt(c));
            }
        }
        if (c >= text.length()) {
            endlessTextLine = tokenLine;
        }
        at = Math.min(c + 1, text.length());
        kind = Kind.QUOTED;
        token = content.toString();
    }

    /** Skips to the next line that begins with one of these words. */
    void skipToLineBeginningWith(Set<String> words) {
        do {
            advance();
        } while (kind != Kind.END && !(firstOnLine && kind == Kind.WORD && words.contains(token)));
    }

    String takeWord(String what) throws Unexpected {
        if (kind != Kind.WORD) {
            throw unexpected(what);
        }
        String word = token;
        advance();
        return word;
    }

    String takeQuoted(String what) throws Unexpected {
        if (kind != Kind.QUOTED) {
            throw unexpected(what);
        }
        String content = token;
        advance();
        return content;
    }

    void take(String punctuation) throws Unexpected {
        if (!is(punctuation)) {
            throw unexpected("'" + punctuation + "'");
        }
        advance();
    }

    /** Takes the punctuation if it is there. */
    boolean takeIf(String punctuation) {
        boolean there = is(punctuation);
        if (there) {
            advance();
        }
        return there;
    }

    double takeNumber(String what) throws Unexpected {
        String word = token;
        try {
            if (kind == Kind.WORD) {
                double number = Double.parseDouble(word);
                if (Double.isFinite(number)) {
                    advance();
                    return number;
                }
            }
        } catch (NumberFormatException e) {
            throw unexpected(what);
        }
        throw unexpected(what);
    }

    long takeInteger(String what) throws Unexpected {
        if (kind == Kind.WORD && token.matches("-?[0-9]{1,20}")) {
            try {
                long whole = token.startsWith("-") ? Long.parseLong(token) : Long.parseUnsignedLong(token);
                advance();
                return whole;
            } catch (NumberFormatException e) {
                throw new Unexpected(what + " " + token + " has more than 64 bits");
            }
        }
        double number = takeNumber(what);
        if (Math.rint(number) != number || Math.abs(number) > 0x1p63) {
            throw new Unexpected(what + " is not a whole number");
        }
        return (long) number;
    }

    Unexpected unexpected(String wanted) {
        String got = kind == Kind.END
                ? "the end of the file"
                : "'" + (token.length() > 40 ? token.substring(0, 40) + "…" : token) + "'";
        return new Unexpected("expected " + wanted + ", found " + got);
    }
}

package dev.bulkhead.security.policy;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads the part of TOML that a policy is written in, and remembers the line of everything: tables, arrays of tables,
 * strings in one line, whole numbers, booleans, arrays of strings over any number of lines, comments.
 */
final class PolicyToml {
    static final int MAX_CHARS = 1 << 20;
    private static final int MAX_ITEMS = 100_000;

    /** A value and the line it stands in. */
    sealed interface Item {
        int line();

        record Text(String value, int line) implements Item {}

        record Whole(long value, int line) implements Item {}

        record Truth(boolean value, int line) implements Item {}

        record Texts(List<Text> values, int line) implements Item {}
    }

    /** One table: {@code [name]} or one {@code [[name]]}. */
    record Table(String name, boolean repeated, int line, Map<String, Item> items) {}

    private final String text;
    private final String file;
    private final List<Table> tables = new ArrayList<>();
    private int at;
    private int line = 1;
    private int items;

    PolicyToml(String text, String file) {
        this.text = text;
        this.file = file;
    }

    List<Table> read() {
        if (text.length() > MAX_CHARS) {
            throw error("a policy has at most " + MAX_CHARS + " characters, not " + text.length());
        }
        skipBlank(true);
        while (at < text.length()) {
            if (peek() == '[') {
                header();
            } else {
                keyValue();
            }
            endOfLine();
            skipBlank(true);
        }
        return tables;
    }

    private void header() {
        int begin = line;
        boolean repeated = text.startsWith("[[", at);
        at += repeated ? 2 : 1;
        skipBlank(false);
        String name = bareKey();
        skipBlank(false);
        expect(repeated ? "]]" : "]");
        if (!repeated && tables.stream().anyMatch(t -> t.name().equals(name))) {
            throw error("table [" + name + "] is given twice");
        }
        tables.add(new Table(name, repeated, begin, new LinkedHashMap<>()));
    }

    private void keyValue() {
        if (tables.isEmpty()) {
            throw error("a policy begins with [policy]; this key stands in no table");
        }
        String key = bareKey();
        skipBlank(false);
        expect("=");
        skipBlank(false);
        if (tables.getLast().items().putIfAbsent(key, value(key)) != null) {
            throw error("key '" + key + "' is given twice");
        }
        count();
    }

    private void count() {
        if (++items > MAX_ITEMS) {
            throw error("a policy has at most " + MAX_ITEMS + " values");
        }
    }

    private Item value(String key) {
        char first = peek();
        if (first == '"' || first == '\'') {
            return string();
        }
        if (first == '[') {
            return array(key);
        }
        if (first == '{') {
            throw error("'" + key + "' is an inline table; a policy has none");
        }
        return word(key);
    }

    private Item word(String key) {
        int begin = at;
        while (at < text.length() && (Character.isLetterOrDigit(peek()) || "_+-.:".indexOf(peek()) >= 0)) {
            at++;
        }
        String word = text.substring(begin, at);
        if (word.equals("true") || word.equals("false")) {
            return new Item.Truth(word.equals("true"), line);
        }
        if (word.matches("[0-9]{1,18}")) {
            return new Item.Whole(Long.parseLong(word), line);
        }
        throw error("'" + key + "' is neither a string, a whole number, true, false nor an array");
    }

    private Item array(String key) {
        int begin = line;
        at++;
        List<Item.Text> values = new ArrayList<>();
        skipBlank(true);
        while (peek() != ']') {
            if (peek() != '"' && peek() != '\'') {
                throw error("'" + key + "' holds something that is not a string, or is not closed by ]");
            }
            values.add(string());
            count();
            skipBlank(true);
            if (peek() == ',') {
                at++;
                skipBlank(true);
            } else if (peek() != ']') {
                throw error("expected , or ] in '" + key + "'");
            }
        }
        at++;
        return new Item.Texts(values, begin);
    }

    private Item.Text string() {
        char quote = text.charAt(at++);
        if (text.startsWith(String.valueOf(quote).repeat(2), at)) {
            throw error("strings over several lines are not used in a policy");
        }
        var value = new StringBuilder();
        while (peek() != quote) {
            char c = peek();
            if (at >= text.length() || c == '\n' || c == '\r') {
                throw error("a string is not closed in its line");
            }
            if (c != '\t' && Character.isISOControl(c)) {
                throw error("a string holds a control character");
            }
            at++;
            value.append(c == '\\' && quote == '"' ? escape() : c);
        }
        at++;
        return new Item.Text(value.toString(), line);
    }

    private char escape() {
        char c = peek();
        at++;
        return switch (c) {
            case '"', '\\' -> c;
            case 't' -> '\t';
            default -> throw error("only \\\", \\\\ and \\t are escaped in a policy");
        };
    }

    private String bareKey() {
        int begin = at;
        while (at < text.length() && (Character.isLetterOrDigit(peek()) || peek() == '-' || peek() == '_')) {
            at++;
        }
        if (begin == at) {
            throw error("expected a key or a table name, found " + found());
        }
        return text.substring(begin, at);
    }

    private void expect(String what) {
        if (!text.startsWith(what, at)) {
            throw error("expected " + what + ", found " + found());
        }
        at += what.length();
    }

    private void endOfLine() {
        skipBlank(false);
        if (at < text.length() && peek() != '\n') {
            throw error("expected the end of the line, found " + found());
        }
    }

    private String found() {
        if (at >= text.length()) {
            return "the end of the file";
        }
        return peek() == '\n' ? "the end of the line" : "'" + peek() + "'";
    }

    /** Skips blanks and comments, and line ends too if asked. */
    private void skipBlank(boolean lines) {
        while (at < text.length()) {
            char c = peek();
            if (c == '#') {
                int end = text.indexOf('\n', at);
                at = end < 0 ? text.length() : end;
            } else if (c == '\n' && lines) {
                at++;
                line++;
            } else if (c == ' ' || c == '\t' || c == '\r') {
                at++;
            } else {
                return;
            }
        }
    }

    /** The next character, or 0 at the end; a 0 in the text is refused wherever it may stand. */
    private char peek() {
        return at < text.length() ? text.charAt(at) : 0;
    }

    private PolicyException error(String problem) {
        return new PolicyException(file, line, problem);
    }
}

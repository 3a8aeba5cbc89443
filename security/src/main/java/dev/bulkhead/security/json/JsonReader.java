package dev.bulkhead.security.json;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Recursive-descent reader; recursion is bounded by {@link JsonLimits#maxDepth()}. */
final class JsonReader {
    private final String text;
    private final JsonLimits limits;
    private int at;
    private int depth;
    private int values;

    private JsonReader(String text, JsonLimits limits) {
        this.text = text;
        this.limits = limits;
    }

    static Json read(byte[] utf8, JsonLimits limits) {
        if (utf8.length > limits.maxBytes()) {
            throw new JsonException("document of " + utf8.length + " bytes, limit " + limits.maxBytes());
        }
        JsonReader reader = new JsonReader(decode(utf8), limits);
        reader.skipBlanks();
        Json value = reader.value();
        reader.skipBlanks();
        if (reader.at != reader.text.length()) {
            throw reader.wrong("bytes after the document");
        }
        return value;
    }

    private static String decode(byte[] utf8) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(utf8))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new JsonException("not UTF-8 text");
        }
    }

    private Json value() {
        if (++values > limits.maxValues()) {
            throw wrong("more than " + limits.maxValues() + " values");
        }
        return switch (peek()) {
            case '{' -> object();
            case '[' -> array();
            case '"' -> new Json.Str(string());
            case 't' -> literal("true", new Json.Bool(true));
            case 'f' -> literal("false", new Json.Bool(false));
            case 'n' -> literal("null", new Json.Nil());
            default -> number();
        };
    }

    private Json object() {
        enter();
        Map<String, Json> members = new LinkedHashMap<>();
        if (!closes('}')) {
            do {
                skipBlanks();
                member(members);
            } while (continues('}'));
        }
        depth--;
        return new Json.Obj(members);
    }

    private void member(Map<String, Json> members) {
        if (peek() != '"') {
            throw wrong("expected a member name");
        }
        String name = string();
        skipBlanks();
        expect(':');
        skipBlanks();
        if (members.putIfAbsent(name, value()) != null) {
            throw wrong("duplicate key \"" + name + "\"");
        }
    }

    private Json array() {
        enter();
        List<Json> items = new ArrayList<>();
        if (!closes(']')) {
            do {
                skipBlanks();
                items.add(value());
            } while (continues(']'));
        }
        depth--;
        return new Json.Arr(items);
    }

    private void enter() {
        at++;
        if (++depth > limits.maxDepth()) {
            throw wrong("nested deeper than " + limits.maxDepth());
        }
    }

    private boolean closes(char close) {
        skipBlanks();
        if (peek() == close) {
            at++;
            return true;
        }
        return false;
    }

    private boolean continues(char close) {
        skipBlanks();
        char next = peek();
        at++;
        if (next == ',') {
            return true;
        }
        if (next == close) {
            return false;
        }
        throw wrong("expected ',' or '" + close + "'");
    }

    private Json literal(String word, Json value) {
        if (!text.startsWith(word, at)) {
            throw wrong("unknown word");
        }
        at += word.length();
        return value;
    }

    private Json number() {
        int start = at;
        if (peek() == '-') {
            at++;
        }
        int digits = at;
        while (at < text.length() && isDigit(text.charAt(at))) {
            at++;
        }
        if (at == digits || (text.charAt(digits) == '0' && at - digits > 1)) {
            throw wrong("not a value");
        }
        if (at < text.length() && ".eE".indexOf(text.charAt(at)) >= 0) {
            throw wrong("only integers have a canonical form");
        }
        try {
            return new Json.Num(Long.parseLong(text, start, at, 10));
        } catch (NumberFormatException e) {
            throw wrong("integer beyond 64 bits");
        }
    }

    private String string() {
        expect('"');
        int start = at;
        while (at < text.length() && isPlain(text.charAt(at))) {
            at++;
        }
        if (peek() == '"') {
            return text.substring(start, at++);
        }
        StringBuilder out = new StringBuilder(text.substring(start, at));
        while (peek() != '"') {
            out.append(character());
        }
        at++;
        return withoutLoneSurrogates(out.toString());
    }

    private char character() {
        char c = text.charAt(at++);
        if (c < 0x20) {
            throw wrong("control character in a string");
        }
        return c == '\\' ? escape() : c;
    }

    private char escape() {
        char c = peek();
        at++;
        return switch (c) {
            case '"', '\\', '/' -> c;
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'u' -> unicode();
            default -> throw wrong("unknown escape");
        };
    }

    private char unicode() {
        int code = 0;
        for (int i = 0; i < 4; i++) {
            char c = peek();
            int digit = c < 0x80 ? Character.digit(c, 16) : -1;
            if (digit < 0) {
                throw wrong("bad \\u escape");
            }
            code = code << 4 | digit;
            at++;
        }
        return (char) code;
    }

    private String withoutLoneSurrogates(String s) {
        for (int i = 0; i < s.length(); i++) {
            if (Character.isHighSurrogate(s.charAt(i))
                    && i + 1 < s.length()
                    && Character.isLowSurrogate(s.charAt(i + 1))) {
                i++;
            } else if (Character.isSurrogate(s.charAt(i))) {
                throw wrong("lone surrogate in a string");
            }
        }
        return s;
    }

    private static boolean isPlain(char c) {
        return c >= 0x20 && c != '"' && c != '\\';
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private void skipBlanks() {
        while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
    }

    private char peek() {
        if (at >= text.length()) {
            throw wrong("document ends too early");
        }
        return text.charAt(at);
    }

    private void expect(char c) {
        if (peek() != c) {
            throw wrong("expected '" + c + "'");
        }
        at++;
    }

    private JsonException wrong(String what) {
        return new JsonException(what + " at character " + at);
    }
}

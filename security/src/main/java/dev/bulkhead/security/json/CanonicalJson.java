package dev.bulkhead.security.json;

import java.util.Comparator;
import java.util.Map;
import java.util.TreeMap;

/** OLPC canonical JSON. */
final class CanonicalJson {
    /** UTF-16 order differs from code point order beyond the basic plane; canonical form wants code points. */
    private static final Comparator<String> BY_CODE_POINT = CanonicalJson::compareCodePoints;

    private CanonicalJson() {}

    static String write(Json value) {
        StringBuilder out = new StringBuilder();
        append(out, value);
        return out.toString();
    }

    private static void append(StringBuilder out, Json value) {
        switch (value) {
            case Json.Obj object -> object(out, object);
            case Json.Arr array -> array(out, array);
            case Json.Str string -> string(out, string.value());
            case Json.Num number -> out.append(number.value());
            case Json.Bool bool -> out.append(bool.value());
            case Json.Nil nil -> out.append("null");
        }
    }

    private static void object(StringBuilder out, Json.Obj object) {
        Map<String, Json> sorted = new TreeMap<>(BY_CODE_POINT);
        sorted.putAll(object.members());
        char separator = '{';
        for (Map.Entry<String, Json> member : sorted.entrySet()) {
            out.append(separator);
            string(out, member.getKey());
            out.append(':');
            append(out, member.getValue());
            separator = ',';
        }
        out.append(sorted.isEmpty() ? "{}" : "}");
    }

    private static void array(StringBuilder out, Json.Arr array) {
        char separator = '[';
        for (Json item : array.items()) {
            out.append(separator);
            append(out, item);
            separator = ',';
        }
        out.append(array.items().isEmpty() ? "[]" : "]");
    }

    private static void string(StringBuilder out, String value) {
        out.append('"');
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '"' || c == '\\') {
                out.append('\\');
            }
            out.append(c);
        }
        out.append('"');
    }

    private static int compareCodePoints(String a, String b) {
        int shared = Math.min(a.length(), b.length());
        for (int i = 0; i < shared; i++) {
            char x = a.charAt(i);
            char y = b.charAt(i);
            if (x != y) {
                return Character.isSurrogate(x) == Character.isSurrogate(y)
                        ? Character.compare(x, y)
                        : Boolean.compare(Character.isSurrogate(x), Character.isSurrogate(y));
            }
        }
        return Integer.compare(a.length(), b.length());
    }
}

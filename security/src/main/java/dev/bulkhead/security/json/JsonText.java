package dev.bulkhead.security.json;

import java.util.Iterator;
import java.util.List;
import java.util.Map;

/** JSON text for files: indented for those that people open, dense for those that travel. */
final class JsonText {
    private final StringBuilder out = new StringBuilder();

    private final boolean indented;

    private JsonText(boolean indented) {
        this.indented = indented;
    }

    static String indented(Json value) {
        JsonText writer = new JsonText(true);
        writer.append(value, "\n");
        return writer.out.append('\n').toString();
    }

    static String dense(Json value) {
        JsonText writer = new JsonText(false);
        writer.append(value, "");
        return writer.out.toString();
    }

    private void append(Json value, String newline) {
        switch (value) {
            case Json.Obj object -> object(object, newline);
            case Json.Arr array -> array(array.items(), newline);
            case Json.Str string -> string(string.value());
            case Json.Num number -> out.append(number.value());
            case Json.Bool bool -> out.append(bool.value());
            case Json.Nil nil -> out.append("null");
        }
    }

    private void object(Json.Obj object, String newline) {
        out.append('{');
        Iterator<Map.Entry<String, Json>> members = object.members().entrySet().iterator();
        while (members.hasNext()) {
            Map.Entry<String, Json> member = members.next();
            out.append(deeper(newline));
            string(member.getKey());
            out.append(indented ? ": " : ":");
            append(member.getValue(), deeper(newline));
            out.append(members.hasNext() ? "," : newline);
        }
        out.append('}');
    }

    private void array(List<Json> items, String newline) {
        out.append('[');
        Iterator<Json> each = items.iterator();
        while (each.hasNext()) {
            out.append(deeper(newline));
            append(each.next(), deeper(newline));
            out.append(each.hasNext() ? "," : newline);
        }
        out.append(']');
    }

    private String deeper(String newline) {
        return indented ? newline + "  " : "";
    }

    private void string(String value) {
        out.append('"');
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c < 0x20) {
                out.append(String.format("\\u%04x", (int) c));
            } else if (c == '"' || c == '\\') {
                out.append('\\').append(c);
            } else {
                out.append(c);
            }
        }
        out.append('"');
    }
}

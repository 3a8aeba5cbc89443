package dev.bulkhead.security.tuf;

import dev.bulkhead.security.json.Json;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Typed reading of one JSON object; errors name the field. */
final class MetadataFields {
    private static final Pattern UTC_SECONDS =
            Pattern.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z");

    private final Json.Obj object;
    private final String where;

    private MetadataFields(Json.Obj object, String where) {
        this.object = object;
        this.where = where;
    }

    static MetadataFields of(Json value, String where) {
        if (value instanceof Json.Obj object) {
            return new MetadataFields(object, where);
        }
        throw new IllegalArgumentException(where + ": wants an object");
    }

    Json.Obj json() {
        return object;
    }

    boolean has(String name) {
        return object.members().containsKey(name);
    }

    Json need(String name) {
        return object.find(name).orElseThrow(() -> wrong(name, "is missing"));
    }

    MetadataFields object(String name) {
        return of(need(name), path(name));
    }

    Optional<MetadataFields> optionalObject(String name) {
        return has(name) ? Optional.of(object(name)) : Optional.empty();
    }

    Map<String, Json> members(String name) {
        return object(name).object.members();
    }

    String text(String name) {
        if (need(name) instanceof Json.Str string) {
            return string.value();
        }
        throw wrong(name, "wants a string");
    }

    long number(String name) {
        if (need(name) instanceof Json.Num number) {
            return number.value();
        }
        throw wrong(name, "wants an integer");
    }

    long positive(String name) {
        long value = number(name);
        if (value < 1) {
            throw wrong(name, "is " + value + ", wants at least 1");
        }
        return value;
    }

    boolean flag(String name, boolean otherwise) {
        if (!has(name)) {
            return otherwise;
        }
        if (need(name) instanceof Json.Bool bool) {
            return bool.value();
        }
        throw wrong(name, "wants true or false");
    }

    List<Json> items(String name) {
        if (need(name) instanceof Json.Arr array) {
            return array.items();
        }
        throw wrong(name, "wants an array");
    }

    List<String> texts(String name) {
        List<String> texts = new ArrayList<>();
        for (Json item : items(name)) {
            if (!(item instanceof Json.Str string)) {
                throw wrong(name, "wants strings only");
            }
            texts.add(string.value());
        }
        return texts;
    }

    Instant instant(String name) {
        String text = text(name);
        try {
            if (UTC_SECONDS.matcher(text).matches()) {
                return Instant.parse(text);
            }
        } catch (DateTimeParseException e) {
            throw wrong(name, "is no date: " + text);
        }
        throw wrong(name, "wants YYYY-MM-DDTHH:MM:SSZ");
    }

    String path(String name) {
        return where + "." + name;
    }

    IllegalArgumentException wrong(String name, String what) {
        return new IllegalArgumentException(path(name) + " " + what);
    }
}

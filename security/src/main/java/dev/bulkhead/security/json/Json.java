package dev.bulkhead.security.json;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** A JSON value of the integer-only subset that has a canonical form. Immutable. */
public sealed interface Json {
    /** An object; members keep the order they were written in. */
    record Obj(Map<String, Json> members) implements Json {
        public Obj {
            members = Collections.unmodifiableMap(new LinkedHashMap<>(members));
        }

        /** The member of that name, if there is one. */
        public Optional<Json> find(String name) {
            return Optional.ofNullable(members.get(name));
        }

        /** A copy with one member added or replaced. */
        public Obj with(String name, Json value) {
            Map<String, Json> copy = new LinkedHashMap<>(members);
            copy.put(name, value);
            return new Obj(copy);
        }
    }

    /** An array. */
    record Arr(List<Json> items) implements Json {
        public Arr {
            items = List.copyOf(items);
        }
    }

    /** A string without lone surrogates. */
    record Str(String value) implements Json {
        public Str {
            Objects.requireNonNull(value, "value");
        }
    }

    /** An integer; canonical JSON has no fractions. */
    record Num(long value) implements Json {}

    /** A boolean. */
    record Bool(boolean value) implements Json {}

    /** The literal {@code null}. */
    record Nil() implements Json {}

    /** An empty object to build on. */
    static Obj object() {
        return new Obj(Map.of());
    }

    /** A string value. */
    static Str of(String value) {
        return new Str(value);
    }

    /** An integer value. */
    static Num of(long value) {
        return new Num(value);
    }

    /** A boolean value. */
    static Bool of(boolean value) {
        return new Bool(value);
    }

    /** An array of strings. */
    static Arr strings(Iterable<String> values) {
        List<Json> items = new ArrayList<>();
        values.forEach(value -> items.add(new Str(value)));
        return new Arr(items);
    }

    /**
     * Parses one document with {@link JsonLimits#METADATA} limits.
     *
     * @throws JsonException when the bytes are not strict JSON
     */
    static Json parse(byte[] utf8) {
        return JsonReader.read(utf8, JsonLimits.METADATA);
    }

    /**
     * Canonical bytes (OLPC canonical JSON, the form TUF hashes and signs, not one to write into files): members sorted by code point, no white
     * space, only the quote and the backslash escaped.
     */
    default byte[] canonical() {
        return CanonicalJson.write(this).getBytes(StandardCharsets.UTF_8);
    }

    /** Readable text with two blanks of indentation and a final line feed; parses back to an equal value. */
    default String pretty() {
        return JsonText.indented(this);
    }

    /**
     * Text without white space that parses back to an equal value. Not the canonical form: that one leaves control
     * characters as they are, which no JSON reader takes.
     */
    default String dense() {
        return JsonText.dense(this);
    }
}

package dev.bulkhead.hal.can.mapping;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/** What happens to a value on its way between bus and signal. Immutable. */
sealed interface Transform {
    /** Most entries of a mapping. */
    int MAX_ENTRIES = 4_096;

    /** As it is. */
    record Identity() implements Transform {}

    /** By a formula. */
    record Computed(Formula formula) implements Transform {}

    /** By a list; a value that is not in it is ignored. */
    record Listed(List<Entry> entries) implements Transform {
        public Listed {
            entries = List.copyOf(entries);
        }

        Optional<Datum> map(Datum value) {
            for (Entry entry : entries) {
                if (entry.from().equals(value)) {
                    return Optional.of(entry.to());
                }
            }
            return Optional.empty();
        }

        Listed inverse() {
            return new Listed(entries.stream()
                    .map(entry -> new Entry(entry.to(), entry.from()))
                    .toList());
        }
    }

    /** One line of a list. */
    record Entry(Datum from, Datum to) {}

    /** A number, a truth value or a text. */
    sealed interface Datum {
        record Numeric(double value) implements Datum {}

        record Bool(boolean value) implements Datum {}

        record Text(String value) implements Datum {}

        /** As a number, if it is one. */
        default OptionalDouble number() {
            return switch (this) {
                case Numeric(double value) -> OptionalDouble.of(value);
                case Bool(boolean value) -> OptionalDouble.of(value ? 1 : 0);
                case Text text -> OptionalDouble.empty();
            };
        }
    }

    /**
     * Reads {@code {"math": …}} or {@code {"mapping": […]}}, not both.
     *
     * @throws MappingException naming the path
     */
    static Transform read(String path, JsonNode json) {
        if (json.isMissingNode() || json.isNull()) {
            return new Identity();
        }
        JsonNode math = json.path("math");
        JsonNode mapping = json.path("mapping");
        if (math.isMissingNode() == mapping.isMissingNode()) {
            throw new MappingException(path, "a transform has either 'math' or 'mapping'");
        }
        return mapping.isMissingNode() ? computed(path, math) : listed(path, mapping);
    }

    private static Transform computed(String path, JsonNode math) {
        try {
            return new Computed(Formula.parse(math.asText()));
        } catch (IllegalArgumentException e) {
            throw new MappingException(path, "math " + e.getMessage());
        }
    }

    private static Transform listed(String path, JsonNode mapping) {
        if (!mapping.isArray() || mapping.isEmpty() || mapping.size() > MAX_ENTRIES) {
            throw new MappingException(path, "'mapping' is a list of 1 to " + MAX_ENTRIES + " {\"from\", \"to\"}");
        }
        List<Entry> entries = new ArrayList<>();
        for (JsonNode entry : mapping) {
            entries.add(new Entry(datum(path, entry.path("from")), datum(path, entry.path("to"))));
        }
        return new Listed(entries);
    }

    private static Datum datum(String path, JsonNode json) {
        if (json.isBoolean()) {
            return new Datum.Bool(json.asBoolean());
        }
        if (json.isNumber()) {
            return new Datum.Numeric(json.asDouble() + 0.0);
        }
        if (json.isTextual()) {
            return new Datum.Text(json.asText());
        }
        throw new MappingException(path, "'from' and 'to' are a number, a text or true or false, not " + json);
    }
}

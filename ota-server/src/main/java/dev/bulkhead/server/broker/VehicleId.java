package dev.bulkhead.server.broker;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The name of one vehicle: the common name of its certificate, its MQTT client id and one level of its topics.
 *
 * @param value 1 to 64 letters, digits, {@code . _ -}, beginning with a letter or digit; so it can never be a topic
 *     wildcard or hold a level separator
 */
public record VehicleId(String value) implements Comparable<VehicleId> {
    private static final Pattern SHAPE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");

    public VehicleId {
        if (!SHAPE.matcher(value).matches()) {
            throw new IllegalArgumentException(
                    "vehicle id \"" + shorten(value)
                            + "\" is not valid: use 1 to 64 letters, digits, '.', '_' or '-', beginning with a letter or digit");
        }
    }

    /** The id, or empty when the text is not one. */
    public static Optional<VehicleId> parse(String text) {
        return SHAPE.matcher(text).matches() ? Optional.of(new VehicleId(text)) : Optional.empty();
    }

    private static String shorten(String text) {
        return text.length() <= 80 ? text : text.substring(0, 80) + "…";
    }

    @Override
    public int compareTo(VehicleId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}

package dev.bulkhead.security.audit;

import java.util.OptionalDouble;

/**
 * How often, how much, when, and with which values.
 *
 * @param count touches, attempts
 * @param bytes payload, where it is known
 * @param firstMillis first and last time, milliseconds since 1970
 * @param firstIndex first and last log entry that says so
 * @param least least and greatest value written, empty if none was
 * @param peakPerSecond highest count per second over an interval that was summarised; 0 if there was none
 */
public record Tally(
        long count,
        long bytes,
        long firstMillis,
        long lastMillis,
        long firstIndex,
        long lastIndex,
        OptionalDouble least,
        OptionalDouble greatest,
        double peakPerSecond) {

    /** So many at one moment, without values. */
    static Tally at(long count, long millis, long index) {
        return new Tally(count, 0, millis, millis, index, index, OptionalDouble.empty(), OptionalDouble.empty(), 0);
    }

    Tally withValue(OptionalDouble value) {
        return new Tally(count, bytes, firstMillis, lastMillis, firstIndex, lastIndex, value, value, peakPerSecond);
    }

    /** Both together. */
    public Tally plus(Tally other) {
        return new Tally(
                saturatedSum(count, other.count),
                saturatedSum(bytes, other.bytes),
                Math.min(firstMillis, other.firstMillis),
                Math.max(lastMillis, other.lastMillis),
                Math.min(firstIndex, other.firstIndex),
                Math.max(lastIndex, other.lastIndex),
                extreme(least, other.least, true),
                extreme(greatest, other.greatest, false),
                Math.max(peakPerSecond, other.peakPerSecond));
    }

    static long saturatedSum(long a, long b) {
        long sum = a + b;
        return sum < 0 ? Long.MAX_VALUE : sum;
    }

    private static OptionalDouble extreme(OptionalDouble a, OptionalDouble b, boolean least) {
        if (a.isEmpty() || b.isEmpty()) {
            return a.isEmpty() ? b : a;
        }
        double x = a.getAsDouble();
        double y = b.getAsDouble();
        return OptionalDouble.of(least ? Math.min(x, y) : Math.max(x, y));
    }
}

package dev.bulkhead.hal.time;

/** The vehicle's clock. Thread-safe. */
public interface VehicleClock {
    /** Monotonic nanoseconds from an arbitrary start, never negative; what signals and frames are stamped with. */
    long nanos();

    /** Civil time in milliseconds since the Unix epoch; may jump. */
    long unixMillis();
}

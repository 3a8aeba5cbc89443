package dev.bulkhead.hal.time;

/**
 * Runs short tasks at an instant of the {@link VehicleClock}. Thread-safe.
 *
 * <p>Tasks run one after the other and must not block. An implementation bounds how many may wait and refuses more with an
 * {@link IllegalStateException}.
 */
public interface Scheduler {
    /** Runs {@code task} once, as soon as the clock reads {@code nanos} or later. An instant in the past means at once. */
    Scheduled at(long nanos, Runnable task);
}

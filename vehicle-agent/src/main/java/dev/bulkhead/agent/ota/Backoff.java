package dev.bulkhead.agent.ota;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How long to wait before the next try: doubling from {@code first} up to {@code most}, with full jitter over the upper half,
 * so that a fleet that lost its broker does not come back as one. Pure; the caller counts the tries.
 */
public record Backoff(Duration first, Duration most) {
    /** 1 s, 2 s, 4 s … 5 min. */
    public static final Backoff STANDARD = new Backoff(Duration.ofSeconds(1), Duration.ofMinutes(5));

    public Backoff {
        if (first.toNanos() <= 0 || most.compareTo(first) < 0) {
            throw new IllegalArgumentException("backoff needs 0 < first <= most, not " + first + " and " + most);
        }
    }

    /**
     * @param failures tries that failed in a row, from 1
     * @return nanoseconds, between half the step and the step
     */
    public long delayNanos(int failures, RandomGenerator random) {
        long step = most.toNanos();
        int doublings = Math.max(0, failures - 1);
        if (doublings < Long.numberOfLeadingZeros(first.toNanos()) - 1) {
            step = Math.min(step, first.toNanos() << doublings);
        }
        long half = step / 2;
        return half + random.nextLong(step - half + 1);
    }
}

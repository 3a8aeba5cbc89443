package dev.bulkhead.agent.main;

import dev.bulkhead.hal.time.VehicleClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;

/** When something happened that is to happen every 10 ms. Thread-safe. */
final class Ticks {
    private static final long PERIOD_NANOS = 10_000_000;

    private final VehicleClock clock;
    private final ConcurrentLinkedQueue<Long> moments = new ConcurrentLinkedQueue<>();

    Ticks(VehicleClock clock) {
        this.clock = clock;
    }

    void tick() {
        moments.add(clock.nanos());
    }

    Rhythm between(long fromNanos, long toNanos) {
        List<Long> within = new ArrayList<>(List.of(fromNanos));
        moments.stream().filter(tick -> tick > fromNanos && tick < toNanos).forEach(within::add);
        within.add(toNanos);
        long longest = 0;
        for (int i = 1; i < within.size(); i++) {
            longest = Math.max(longest, within.get(i) - within.get(i - 1));
        }
        return new Rhythm(within.size() - 2, (toNanos - fromNanos) / PERIOD_NANOS, Duration.ofNanos(longest));
    }

    /**
     * Ticks within a time.
     *
     * @param due how many there would be if none was late
     * @param longestGap between two of them, or between one and the beginning or the end
     */
    record Rhythm(int ticks, long due, Duration longestGap) {}
}

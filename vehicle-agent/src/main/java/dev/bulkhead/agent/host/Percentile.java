package dev.bulkhead.agent.host;

import java.util.Arrays;

/** The last durations of something. Bounded. Thread-safe. */
public final class Percentile {
    private static final int KEPT = 512;

    private final long[] nanos = new long[KEPT];
    private int count;
    private int next;

    public synchronized void add(long duration) {
        nanos[next] = duration;
        next = (next + 1) % KEPT;
        count = Math.min(count + 1, KEPT);
    }

    /** The 99th percentile; 0 when there was nothing. */
    public synchronized long p99() {
        if (count == 0) {
            return 0;
        }
        long[] sorted = Arrays.copyOf(nanos, count);
        Arrays.sort(sorted);
        return sorted[Math.min(count - 1, count * 99 / 100)];
    }
}

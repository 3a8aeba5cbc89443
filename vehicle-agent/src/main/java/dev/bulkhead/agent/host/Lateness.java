package dev.bulkhead.agent.host;

import java.util.Arrays;

/** How late the last timers were delivered. Bounded. Thread-safe. */
final class Lateness {
    private static final int KEPT = 512;

    private final long[] nanos = new long[KEPT];
    private int count;
    private int next;

    synchronized void add(long late) {
        nanos[next] = late;
        next = (next + 1) % KEPT;
        count = Math.min(count + 1, KEPT);
    }

    /** The 99th percentile; 0 when nothing was delivered. */
    synchronized long p99() {
        if (count == 0) {
            return 0;
        }
        long[] sorted = Arrays.copyOf(nanos, count);
        Arrays.sort(sorted);
        return sorted[Math.min(count - 1, count * 99 / 100)];
    }
}

package dev.bulkhead.agent.lifecycle;

/** How long to wait before the next start: doubling from 100 ms to 30 s, then spread over ±25 % by the given chance. */
final class Backoffs {
    static final long FIRST_NANOS = 100_000_000L;
    static final long LONGEST_NANOS = 30_000_000_000L;

    private Backoffs() {}

    /**
     * @param failures failures in the window including the latest, at least 1
     * @param chance uniform within [0, 1), so that apps that fell together do not rise together
     */
    static long delayNanos(int failures, double chance) {
        int doublings = Math.min(Math.max(failures - 1, 0), 16);
        long base = Math.min(FIRST_NANOS << doublings, LONGEST_NANOS);
        return (long) (base * (0.75 + 0.5 * chance));
    }
}

package dev.bulkhead.hal.databroker;

import java.util.HashMap;
import java.util.Map;

/**
 * How much all subscribers together may have waiting: places in queues, at least {@value #LEAST} counted for a signal. One caller gets half at
 * most, so that it cannot keep the others out. Thread-safe.
 */
final class FeedBudget {
    static final int PLACES = 1 << 20;
    static final int LEAST = 32;

    private final Map<String, Integer> taken = new HashMap<>();
    private int total;

    /** Takes places for {@code signals} queues of {@code depth}; false when there are not enough. */
    synchronized boolean take(String caller, int signals, int depth) {
        long places = places(signals, depth);
        long his = taken.getOrDefault(caller, 0) + places;
        if (total + places > PLACES || his > PLACES / 2) {
            return false;
        }
        total += (int) places;
        taken.put(caller, (int) his);
        return true;
    }

    synchronized void giveBack(String caller, int signals, int depth) {
        int places = (int) places(signals, depth);
        total -= places;
        taken.computeIfPresent(caller, (name, had) -> had <= places ? null : had - places);
    }

    private static long places(int signals, int depth) {
        return (long) signals * Math.max(depth, LEAST);
    }

    synchronized int total() {
        return total;
    }
}

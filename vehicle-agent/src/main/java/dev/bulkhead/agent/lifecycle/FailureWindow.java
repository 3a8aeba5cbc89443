package dev.bulkhead.agent.lifecycle;

import java.util.ArrayList;
import java.util.List;

/**
 * When an app failed lately, oldest first; at most {@link Upkeep#MOST_RESTARTS} + 1 times are kept.
 *
 * @param nanos monotonic times of failure, rising
 */
public record FailureWindow(List<Long> nanos) {
    /** No failure so far. */
    public static final FailureWindow CLEAN = new FailureWindow(List.of());

    public FailureWindow {
        nanos = List.copyOf(nanos);
    }

    /** The window after a failure at {@code now}; failures older than {@code windowNanos} are forgotten. */
    public FailureWindow failedAt(long now, long windowNanos) {
        List<Long> kept = new ArrayList<>();
        for (long at : nanos) {
            if (now - at < windowNanos) {
                kept.add(at);
            }
        }
        kept.add(now);
        int surplus = kept.size() - (Upkeep.MOST_RESTARTS + 1);
        return new FailureWindow(surplus > 0 ? kept.subList(surplus, kept.size()) : kept);
    }

    /** How many failures the window holds. */
    public int count() {
        return nanos.size();
    }
}

package dev.bulkhead.agent.lifecycle;

import dev.bulkhead.contract.manifest.Dependency;
import java.util.List;
import java.util.Objects;

/**
 * What a manifest says about keeping an app alive and replacing it. All durations in nanoseconds.
 *
 * @param restart when to start again after an end nobody asked for
 * @param maxRestarts failures within {@code windowNanos} that are healed, 0 to 100; one more and the app is quarantined
 * @param windowNanos length of the sliding window, above 0
 * @param swap how a newer release takes over
 * @param probationNanos how long health must hold before a release counts as proven, at least 0
 * @param when the precondition for installing or swapping, as written in the manifest; empty text for none
 * @param shadowNanos how long a candidate runs muted beside the live release before it takes over, at least 0
 * @param needs the apps it depends on
 */
public record Upkeep(
        RestartPolicy restart,
        int maxRestarts,
        long windowNanos,
        SwapMode swap,
        long probationNanos,
        String when,
        long shadowNanos,
        List<Dependency> needs) {
    /** When to start an app again after an end nobody asked for. */
    public enum RestartPolicy {
        ALWAYS,
        ON_FAILURE,
        NEVER
    }

    /** How a newer release takes over from a running one. */
    public enum SwapMode {
        /** Prepared beside the live release, state handed over, cut over at a message boundary. */
        HANDOVER,
        /** Stop the old, start the new. */
        RESTART
    }

    /** Most restarts a manifest can ask for; failure times are kept one by one. */
    public static final int MOST_RESTARTS = 100;

    public Upkeep {
        Objects.requireNonNull(restart, "restart");
        Objects.requireNonNull(swap, "swap");
        Objects.requireNonNull(when, "when");
        needs = List.copyOf(needs);
        if (maxRestarts < 0 || maxRestarts > MOST_RESTARTS) {
            throw new IllegalArgumentException("restart.max " + maxRestarts + " is not within 0.." + MOST_RESTARTS);
        }
        if (windowNanos <= 0 || probationNanos < 0 || shadowNanos < 0) {
            throw new IllegalArgumentException("restart.window must be above 0, probation and shadow at least 0");
        }
    }

    /** True when installing or swapping waits for a condition. */
    public boolean gated() {
        return !when.isEmpty();
    }
}

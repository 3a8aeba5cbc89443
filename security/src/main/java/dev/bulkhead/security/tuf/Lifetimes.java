package dev.bulkhead.security.tuf;

import java.time.Duration;

/** How long newly signed metadata counts, by role. */
public record Lifetimes(
        Duration root, Duration targets, Duration vendor, Duration snapshot, Duration timestamp, Duration director) {
    /** Offline roles for one or two years, online roles for days. */
    public static final Lifetimes USUAL = new Lifetimes(
            Duration.ofDays(730),
            Duration.ofDays(365),
            Duration.ofDays(365),
            Duration.ofDays(30),
            Duration.ofDays(7),
            Duration.ofDays(7));

    public Lifetimes {
        for (Duration each : new Duration[] {root, targets, vendor, snapshot, timestamp, director}) {
            if (each.isNegative() || each.isZero()) {
                throw new IllegalArgumentException("a lifetime must be positive, not " + each);
            }
        }
    }
}

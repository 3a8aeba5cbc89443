package dev.bulkhead.agent.tools;

import dev.bulkhead.agent.host.TokenBucket;
import dev.bulkhead.hal.time.VehicleClock;
import dev.bulkhead.security.audit.AuditedApp;
import java.util.HashMap;
import java.util.Map;

/**
 * What visitors have left to read of signals whose grant has a rate, over all their calls and connections. Knows at most {@value #MOST} of
 * them at a time; when more are asked for, those that have their full allowance again make room, and who finds none is refused. Thread-safe.
 */
final class ReadRates {
    static final int MOST = 65_536;
    private static final double NANOS = 1e9;

    private record Allowance(AuditedApp visitor, String path, double hertz) {}

    /** What is left, and when it was last taken from. */
    private static final class Left {
        private final TokenBucket bucket;
        private long lastNanos;

        private Left(double hertz, long nowNanos) {
            this.bucket = new TokenBucket(hertz, nowNanos);
        }
    }

    private final VehicleClock clock;
    private final Map<Allowance, Left> known = new HashMap<>();

    ReadRates(VehicleClock clock) {
        this.clock = clock;
    }

    /** Takes one read, if there is one. */
    synchronized boolean take(AuditedApp visitor, String path, double hertz) {
        long now = clock.nanos();
        Allowance allowance = new Allowance(visitor, path, hertz);
        Left left = known.get(allowance);
        if (left == null) {
            if (known.size() >= MOST && !makeRoom(now)) {
                return false;
            }
            left = new Left(hertz, now);
            known.put(allowance, left);
        }
        left.lastNanos = now;
        return left.bucket.take(now);
    }

    /** A burst is a second's worth, and one at least: after that time nothing is missing. */
    private boolean makeRoom(long now) {
        known.entrySet()
                .removeIf(entry -> now - entry.getValue().lastNanos
                        > NANOS * Math.max(1, 1 / entry.getKey().hertz()));
        return known.size() < MOST;
    }
}

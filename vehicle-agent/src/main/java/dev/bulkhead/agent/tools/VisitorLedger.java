package dev.bulkhead.agent.tools;

import dev.bulkhead.security.audit.AuditTrail;
import dev.bulkhead.security.audit.AuditedApp;
import dev.bulkhead.security.audit.DenialLimiter;
import dev.bulkhead.security.audit.UsageCounter;
import dev.bulkhead.security.audit.UsageCounters;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;

/**
 * Writes down what visitors use and are refused (audit.md), as for apps: uses summed up until {@link #flush}, the first denial of a kind at
 * once. Bounded: what goes beyond {@value #MOST_LINES} lines between two flushes is counted under one line of its visitor. Thread-safe.
 */
final class VisitorLedger {
    static final int MOST_LINES = 4_096;
    private static final int MOST_VISITORS = 256;
    private static final String MANY = "more";

    private record Line(AuditedApp visitor, String access) {}

    private final AuditTrail trail;
    private final UsageCounters counters;
    private final DenialLimiter denials;
    private final Map<Line, UsageCounter> uses = new HashMap<>();

    VisitorLedger(AuditTrail trail, InstantSource time) {
        this.trail = trail;
        this.counters = new UsageCounters(time);
        this.denials = new DenialLimiter(trail, time);
    }

    /** One use of an exact capability line. */
    synchronized void used(AuditedApp visitor, String access, int bytes) {
        Line line = new Line(visitor, uses.size() < MOST_LINES ? access : MANY);
        if (uses.size() >= MOST_LINES + MOST_VISITORS && !uses.containsKey(line)) {
            flush();
        }
        uses.computeIfAbsent(line, key -> counters.open(key.visitor(), key.access()))
                .touch(1, bytes);
    }

    void denied(AuditedApp visitor, String access, String rule, String why) {
        denials.denied(visitor, access, rule, why);
    }

    /** Writes what was counted since the last time and forgets who came. */
    synchronized void flush() {
        uses.values().forEach(counters::close);
        uses.clear();
        counters.flush(trail);
        denials.flush();
    }

    /** Writes all that was counted, before the log is closed. */
    synchronized void close() {
        flush();
        denials.flushAll();
    }
}

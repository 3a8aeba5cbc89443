package dev.bulkhead.agent.host;

import dev.bulkhead.contract.proto.AuditEntry;
import dev.bulkhead.hal.time.VehicleClock;
import dev.bulkhead.security.audit.AuditTrail;
import dev.bulkhead.security.audit.AuditedApp;
import dev.bulkhead.security.audit.DenialLimiter;
import dev.bulkhead.security.audit.UsageCounter;
import dev.bulkhead.security.audit.UsageCounters;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Writes down what one instance touches and tries to touch (audit.md): uses are summed up until {@link #flush}, the first denial of a
 * kind is written at once and its repetitions are counted. Bounded: what goes beyond the bound is counted under one common line.
 * Strand only, but for {@link #deniedTotal}.
 */
final class TouchLedger {
    private static final int MOST_LINES = 1_024;
    private static final String MANY = "more";

    private record Excess(String resource, String action) {}

    private static final class Repeats {
        private long count;
        private long limit;
        private long used;
    }

    private final AuditedApp app;
    private final AuditTrail trail;
    private final UsageCounters counters;
    private final DenialLimiter denials;
    private final Map<String, UsageCounter> uses = new LinkedHashMap<>();
    private final Map<Excess, Repeats> excesses = new LinkedHashMap<>();
    private final AtomicLong denied = new AtomicLong();

    TouchLedger(AppLabel label, AuditTrail trail, VehicleClock clock) {
        InstantSource time = () -> Instant.ofEpochMilli(clock.unixMillis());
        this.app = new AuditedApp(label.appId(), label.version(), label.vendor());
        this.trail = trail;
        this.counters = new UsageCounters(time);
        this.denials = new DenialLimiter(trail, time);
    }

    /** The counter of one exact capability line, such as {@code signal Vehicle.Speed read}; keep it while the handle is open. */
    UsageCounter use(String access) {
        UsageCounter known = uses.get(access);
        if (known != null) {
            return known;
        }
        String line = uses.size() < MOST_LINES ? access : MANY;
        return uses.computeIfAbsent(line, name -> counters.open(app, name));
    }

    /** An attempt that policy refused. */
    void denied(String access, String rule, String why) {
        denied.incrementAndGet();
        denials.denied(app, access, rule, why);
    }

    /** A budget or bound was reached. {@code action} is throttled, killed, dropped or refused. */
    void exceeded(String resource, long limit, long used, String action) {
        Repeats repeats = excesses.computeIfAbsent(new Excess(resource, action), kind -> new Repeats());
        repeats.count++;
        repeats.limit = limit;
        repeats.used = Math.max(repeats.used, used);
    }

    long deniedTotal() {
        return denied.get();
    }

    /** Writes what was counted since the last flush; denials that go on are written ever more rarely. */
    void flush() {
        counters.flush(trail);
        denials.flush();
        excesses.forEach(this::write);
        excesses.clear();
    }

    /** Writes all that was counted; the instance ends. */
    void close() {
        denials.flushAll();
        flush();
    }

    private void write(Excess excess, Repeats repeats) {
        trail.append(app.entry()
                .setBudgetExceeded(AuditEntry.BudgetExceeded.newBuilder()
                        .setResource(excess.resource())
                        .setAction(excess.action())
                        .setLimit(repeats.limit)
                        .setUsed(repeats.used)
                        .setCount(repeats.count))
                .build());
    }
}

package dev.bulkhead.agent.host;

import dev.bulkhead.contract.proto.AuditEntry;
import dev.bulkhead.hal.time.VehicleClock;
import dev.bulkhead.security.audit.AuditTrail;
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
    private static final int AT_ONCE_PER_SECOND = 20;
    private static final String MANY = "more";

    /** What was done through one capability line since the last flush. */
    static final class Use {
        private long count;
        private long bytes;

        void count() {
            count++;
        }

        void count(long payload) {
            count++;
            bytes += payload;
        }
    }

    private record Denial(String access, String rule, String why) {}

    private record Excess(String resource, String action) {}

    private static final class Repeats {
        private long count;
        private long limit;
        private long used;
    }

    private final AppLabel label;
    private final AuditTrail trail;
    private final VehicleClock clock;
    private final TokenBucket atOnce;
    private final Map<String, Use> uses = new LinkedHashMap<>();
    private final Map<Denial, Repeats> denials = new LinkedHashMap<>();
    private final Map<Excess, Repeats> excesses = new LinkedHashMap<>();
    private final AtomicLong denied = new AtomicLong();
    private long since;

    TouchLedger(AppLabel label, AuditTrail trail, VehicleClock clock) {
        this.label = label;
        this.trail = trail;
        this.clock = clock;
        this.atOnce = new TokenBucket(AT_ONCE_PER_SECOND, clock.nanos());
        this.since = clock.unixMillis();
    }

    /** The counter of one exact capability line, such as {@code signal Vehicle.Speed read}; keep it while the handle is open. */
    Use use(String access) {
        Use known = uses.get(access);
        if (known != null) {
            return known;
        }
        return uses.computeIfAbsent(uses.size() < MOST_LINES ? access : MANY, line -> new Use());
    }

    /** An attempt that policy refused. */
    void denied(String access, String rule, String why) {
        denied.incrementAndGet();
        Denial denial = new Denial(access, rule, why);
        Repeats known = denials.get(denial);
        if (known != null) {
            known.count++;
            return;
        }
        if (denials.size() >= MOST_LINES || !atOnce.take(clock.nanos())) {
            denials.computeIfAbsent(new Denial(MANY, rule, "too many different attempts"), line -> new Repeats())
                    .count++;
            return;
        }
        denials.put(denial, new Repeats());
        write(denial, 1, clock.unixMillis());
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

    /** Writes what was counted since the last flush. */
    void flush() {
        uses.forEach(this::write);
        denials.forEach((denial, repeats) -> {
            if (repeats.count > 0) {
                write(denial, repeats.count, since);
            }
            repeats.count = 0;
        });
        excesses.forEach(this::write);
        excesses.clear();
        if (denials.size() >= MOST_LINES) {
            denials.clear();
        }
        since = clock.unixMillis();
    }

    private void write(String access, Use use) {
        if (use.count == 0) {
            return;
        }
        append(entry().setUsed(AuditEntry.Used.newBuilder()
                .setAccess(access)
                .setSinceUnixMs(since)
                .setCount(use.count)
                .setBytes(use.bytes)));
        use.count = 0;
        use.bytes = 0;
    }

    private void write(Denial denial, long count, long from) {
        append(entry().setDenied(AuditEntry.Denied.newBuilder()
                .setAccess(denial.access())
                .setRule(denial.rule())
                .setWhy(denial.why())
                .setCount(count)
                .setSinceUnixMs(from)));
    }

    private void write(Excess excess, Repeats repeats) {
        append(entry().setBudgetExceeded(AuditEntry.BudgetExceeded.newBuilder()
                .setResource(excess.resource())
                .setAction(excess.action())
                .setLimit(repeats.limit)
                .setUsed(repeats.used)
                .setCount(repeats.count)));
    }

    private AuditEntry.Builder entry() {
        return AuditEntry.newBuilder()
                .setAppId(label.appId())
                .setVersion(label.version())
                .setVendor(label.vendor());
    }

    private void append(AuditEntry.Builder entry) {
        trail.append(entry.build());
    }
}

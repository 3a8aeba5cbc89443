package dev.bulkhead.security.audit;

import dev.bulkhead.contract.proto.AuditEntry;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The counters of all open handles, and the summary of them that goes into the log once a second (audit.md: signal
 * reads and CAN frames). Thread-safe, except that each counter belongs to its app's thread.
 */
public final class UsageCounters {
    private final InstantSource time;
    private final List<UsageCounter> open = new ArrayList<>();
    private final List<UsageCounter> closed = new ArrayList<>();
    private long sinceMillis;

    private record Slot(AuditedApp app, String access) {}

    /** Without any counter; the first interval begins now. */
    public UsageCounters(InstantSource time) {
        this.time = time;
        this.sinceMillis = time.millis();
    }

    /**
     * A counter for a handle that was just opened.
     *
     * @param access what it was opened for, as an exact capability line
     */
    public synchronized UsageCounter open(AuditedApp app, String access) {
        var counter = new UsageCounter(app, access);
        open.add(counter);
        return counter;
    }

    /** The handle is closed; what it counted is in the next summary, then the counter is forgotten. */
    public synchronized void close(UsageCounter counter) {
        if (open.remove(counter)) {
            closed.add(counter);
        }
    }

    /** Writes one entry for each app and access that was used since the last call. Call it once a second. */
    public void flush(AuditTrail trail) {
        drain().forEach(entry -> trail.append(entry));
    }

    private synchronized List<AuditEntry> drain() {
        Map<Slot, UsageCounter.Drained> sums = new LinkedHashMap<>();
        open.forEach(counter -> add(sums, counter));
        closed.forEach(counter -> add(sums, counter));
        closed.clear();
        List<AuditEntry> entries = new ArrayList<>();
        sums.forEach((slot, sum) -> entries.add(entry(slot, sum)));
        sinceMillis = time.millis();
        return entries;
    }

    private static void add(Map<Slot, UsageCounter.Drained> sums, UsageCounter counter) {
        UsageCounter.Drained drained = counter.drain();
        if (drained.count() > 0) {
            sums.merge(new Slot(counter.app(), counter.access()), drained, UsageCounter.Drained::plus);
        }
    }

    private AuditEntry entry(Slot slot, UsageCounter.Drained sum) {
        return slot.app()
                .entry()
                .setUsed(AuditEntry.Used.newBuilder()
                        .setAccess(slot.access())
                        .setSinceUnixMs(sinceMillis)
                        .setCount(sum.count())
                        .setBytes(sum.bytes()))
                .build();
    }
}

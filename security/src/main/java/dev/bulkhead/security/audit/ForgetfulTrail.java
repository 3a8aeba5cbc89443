package dev.bulkhead.security.audit;

import dev.bulkhead.contract.proto.AuditEntry;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;

/** For practice: entries are made ready as for the log, and forgotten. Thread-safe. */
public final class ForgetfulTrail implements AuditTrail {
    private final InstantSource time;
    private final AtomicLong count = new AtomicLong();

    public ForgetfulTrail(InstantSource time) {
        this.time = time;
    }

    @Override
    public long append(AuditEntry entry) {
        PendingEntry.of(entry, time.millis()).bytes();
        return count.getAndIncrement();
    }
}

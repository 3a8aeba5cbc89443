package dev.bulkhead.agent.main;

import dev.bulkhead.agent.lifecycle.CompartmentParts.HostFaults;
import dev.bulkhead.agent.sandbox.Strand;
import dev.bulkhead.contract.proto.AuditEntry;
import dev.bulkhead.hal.time.Scheduler;
import dev.bulkhead.hal.time.VehicleClock;
import dev.bulkhead.security.audit.AuditException;
import dev.bulkhead.security.audit.AuditLog;
import dev.bulkhead.security.audit.AuditTrail;
import java.time.Duration;

/**
 * Keeps the audit log going: what rooms append is committed in groups within 50 ms on a strand of its own, so that no app waits for the
 * disk. A log that cannot be written stops actuation ({@link #mayActuate}), not the agent. Thread-safe.
 */
final class AuditClerk implements AuditTrail {
    static final long EVERY_NANOS = 50_000_000L;

    /** How long entries are kept; their hashes stay for ever. */
    static final Duration KEPT = Duration.ofDays(90);

    private static final long TIDY_NANOS = Duration.ofDays(1).toNanos();

    private final AuditLog log;
    private final VehicleClock clock;
    private final Scheduler scheduler;
    private final Strand strand;
    private final HostFaults faults;
    private long nextTidy = Long.MIN_VALUE;
    private volatile boolean closed;

    AuditClerk(AuditLog log, VehicleClock clock, Scheduler scheduler, Strand strand, HostFaults faults) {
        this.log = log;
        this.clock = clock;
        this.scheduler = scheduler;
        this.strand = strand;
        this.faults = faults;
    }

    void start() {
        scheduler.at(clock.nanos() + EVERY_NANOS, () -> strand.execute(this::commit));
    }

    private void commit() {
        if (closed) {
            return;
        }
        commitNow();
        start();
    }

    /** Commits what waits; a failure is told and tried again in the next round. */
    void commitNow() {
        try {
            if (log.size() > log.durableSize()) {
                log.commit();
            }
            if (clock.nanos() >= nextTidy) {
                nextTidy = clock.nanos() + TIDY_NANOS;
                log.dropOlderThan(KEPT);
            }
        } catch (RuntimeException e) {
            faults.failed("audit", e);
        }
    }

    @Override
    public long append(AuditEntry entry) {
        try {
            return log.append(entry);
        } catch (AuditException e) {
            faults.failed("audit", e);
            return -1;
        }
    }

    /** Calls {@code answer} on the strand that commits: a sign of life. */
    void probe(Runnable answer) {
        strand.execute(answer);
    }

    boolean mayActuate() {
        return log.condition().mayActuate();
    }

    void close() {
        closed = true;
        strand.close();
    }
}

package dev.bulkhead.security.audit;

import dev.bulkhead.contract.proto.AuditEntry;

/** Where a room that only writes audit entries hands them in. Thread-safe. */
@FunctionalInterface
public interface AuditTrail {
    /**
     * Takes an entry; its time is stamped here, whatever it says.
     *
     * @return the entry's index in the log
     * @throws AuditException if it cannot be recorded: then what it would have recorded must not happen
     */
    long append(AuditEntry entry);
}

package dev.bulkhead.security.audit;

import dev.bulkhead.contract.proto.AuditEntry;

/** An entry that waits for its commit, with the bytes that will be hashed. */
final class PendingEntry {
    private final AuditEntry entry;
    private final byte[] bytes;

    private PendingEntry(AuditEntry entry, byte[] bytes) {
        this.entry = entry;
        this.bytes = bytes;
    }

    static PendingEntry of(AuditEntry entry) {
        byte[] bytes = entry.toByteArray();
        if (bytes.length > EntryChunk.MAX_ENTRY) {
            throw new AuditException("an audit entry has at most " + EntryChunk.MAX_ENTRY + " bytes, this "
                    + entry.getEventCase() + " has " + bytes.length);
        }
        return new PendingEntry(entry, bytes);
    }

    AuditEntry entry() {
        return entry;
    }

    byte[] bytes() {
        return bytes;
    }
}

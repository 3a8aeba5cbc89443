package dev.bulkhead.security.audit;

import dev.bulkhead.contract.proto.AuditEntry;
import org.jspecify.annotations.Nullable;

/** An entry that waits for its commit. Whoever appends it does not wait for its bytes to be made; whoever commits it does. */
final class PendingEntry {
    private final AuditEntry entry;
    private byte @Nullable [] bytes;

    private PendingEntry(AuditEntry entry) {
        this.entry = entry;
    }

    /**
     * An entry that is too long for the log is shortened.
     *
     * @param unixMillis when it was appended
     */
    static PendingEntry of(AuditEntry entry, long unixMillis) {
        return of(ShortEntry.of(entry.toBuilder().setUnixMs(unixMillis).build()));
    }

    static PendingEntry of(AuditEntry entry) {
        int length = entry.getSerializedSize();
        if (length > EntryChunk.MAX_ENTRY) {
            throw new AuditException("an audit entry has at most " + EntryChunk.MAX_ENTRY + " bytes, this "
                    + entry.getEventCase() + " has " + length);
        }
        return new PendingEntry(entry);
    }

    AuditEntry entry() {
        return entry;
    }

    /** What is hashed and stored. By one thread at a time. */
    byte[] bytes() {
        byte[] made = bytes;
        if (made == null) {
            made = entry.toByteArray();
            bytes = made;
        }
        return made;
    }
}

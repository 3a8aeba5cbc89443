package dev.bulkhead.agent.ota;

import dev.bulkhead.contract.proto.AuditCheckpoint;
import java.util.Optional;

/** The newest signed head of the vehicle's audit log, already durable. Called on the client's strand. */
public interface AuditHead {
    /** There is no log. */
    AuditHead NONE = new AuditHead() {
        @Override
        public Optional<AuditCheckpoint> since(long size) {
            return Optional.empty();
        }

        @Override
        public AuditCheckpoint summarised(AuditCheckpoint head, long told) {
            return head;
        }

        @Override
        public Optional<String> verifierKey() {
            return Optional.empty();
        }
    };

    /**
     * The newest head, with the proof that it extends the tree of {@code size} entries.
     *
     * @param size what the fleet holds, 0 for nothing
     * @return empty when there is no log
     */
    Optional<AuditCheckpoint> since(long size);

    /**
     * The same head with the next page of what changed in the views of the log, signed.
     *
     * @param head as {@link #since} gave it last
     * @param told up to which entry the fleet was told
     */
    AuditCheckpoint summarised(AuditCheckpoint head, long told);

    /** The key that verifies the heads, in the form of a C2SP note verifier; told to the fleet once and pinned there. */
    Optional<String> verifierKey();
}

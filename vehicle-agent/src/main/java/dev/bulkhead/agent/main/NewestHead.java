package dev.bulkhead.agent.main;

import com.google.protobuf.ByteString;
import dev.bulkhead.agent.ota.AuditHead;
import dev.bulkhead.contract.proto.AuditCheckpoint;
import dev.bulkhead.security.audit.AuditException;
import dev.bulkhead.security.audit.AuditLog;
import dev.bulkhead.security.audit.note.SignedNote;
import java.util.Optional;

/** The head of the audit log as it is sent to the fleet: signed and stored before it leaves. */
final class NewestHead implements AuditHead {
    private final AuditLog log;

    NewestHead(AuditLog log) {
        this.log = log;
    }

    @Override
    public Optional<AuditCheckpoint> newest() {
        try {
            SignedNote note = log.checkpoint();
            return Optional.of(AuditCheckpoint.newBuilder()
                    .setNote(ByteString.copyFrom(note.bytes()))
                    .setTreeSize(log.durableSize())
                    .build());
        } catch (AuditException diskRefuses) {
            return Optional.empty();
        }
    }
}

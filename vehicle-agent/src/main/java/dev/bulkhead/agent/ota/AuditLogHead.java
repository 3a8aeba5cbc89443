package dev.bulkhead.agent.ota;

import com.google.protobuf.ByteString;
import dev.bulkhead.contract.proto.AuditCheckpoint;
import dev.bulkhead.contract.proto.AuditSummary;
import dev.bulkhead.security.audit.AuditLog;
import dev.bulkhead.security.audit.LogReader;
import dev.bulkhead.security.audit.merkle.Hash;
import dev.bulkhead.security.audit.note.Checkpoint;
import dev.bulkhead.security.audit.note.NoteKey;
import dev.bulkhead.security.audit.note.NoteSigner;
import dev.bulkhead.security.audit.note.SignedNote;
import dev.bulkhead.security.audit.summary.SummaryWriter;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Heads of a real audit log: signed and stored when the log has grown, proved to extend what the fleet holds. */
public final class AuditLogHead implements AuditHead {
    private final AuditLog log;
    private final String origin;
    private final NoteSigner signer;
    private @Nullable SignedNote newest;
    private long newestSize;

    /**
     * @param origin the log's name
     * @param signer the key that signs its heads
     */
    public AuditLogHead(AuditLog log, String origin, NoteSigner signer) {
        this.log = log;
        this.origin = origin;
        this.signer = signer;
    }

    @Override
    public Optional<AuditCheckpoint> since(long size) {
        SignedNote note = newest;
        if (note == null || log.size() != newestSize) {
            note = log.checkpoint();
            newest = note;
            newestSize = Checkpoint.parse(note.text()).size();
        }
        return Optional.of(AuditCheckpoint.newBuilder()
                .setNote(ByteString.copyFrom(note.bytes()))
                .setTreeSize(newestSize)
                .setPreviousSize(size)
                .setConsistency(consistency(size, newestSize))
                .build());
    }

    private ByteString consistency(long from, long to) {
        if (from <= 0 || from >= to) {
            // nothing to prove, or a fleet that holds more than there is: it will find out from the note itself
            return ByteString.EMPTY;
        }
        try (LogReader reader = log.reader()) {
            List<ByteString> hashes = reader.tree(to).consistencyProof(from).stream()
                    .map(Hash::bytes)
                    .map(ByteString::copyFrom)
                    .toList();
            return ByteString.copyFrom(hashes);
        }
    }

    @Override
    public AuditCheckpoint summarised(AuditCheckpoint head, long told) {
        Checkpoint signed =
                Checkpoint.parse(SignedNote.parse(head.getNote().toByteArray()).text());
        try (LogReader reader = log.reader()) {
            SummaryWriter writer = new SummaryWriter(reader, signed);
            AuditSummary page = writer.page(told);
            return head.toBuilder()
                    .setSummary(page.toByteString())
                    .setSummaryNote(ByteString.copyFrom(writer.sign(page, signer)))
                    .build();
        }
    }

    @Override
    public Optional<String> verifierKey() {
        return Optional.of(NoteKey.of(origin, signer.publicKey()).toString());
    }
}

package dev.bulkhead.server.fleet;

import com.google.protobuf.ByteString;
import dev.bulkhead.contract.proto.AuditCheckpoint;
import dev.bulkhead.security.audit.AuditException;
import dev.bulkhead.security.audit.CheckpointLedger;
import dev.bulkhead.security.audit.CheckpointLedger.Judgement;
import dev.bulkhead.security.audit.merkle.Hash;
import dev.bulkhead.security.audit.note.Checkpoint;
import dev.bulkhead.security.audit.note.NoteException;
import dev.bulkhead.security.audit.note.NoteKey;
import dev.bulkhead.security.audit.note.SignedNote;
import dev.bulkhead.security.audit.summary.SummaryPage;
import dev.bulkhead.security.audit.summary.SummaryReader;
import dev.bulkhead.server.broker.VehicleId;
import dev.bulkhead.server.store.CheckpointTable;
import dev.bulkhead.server.store.Transaction;
import dev.bulkhead.server.store.VehicleRow;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The head of a vehicle's audit log, now and then with the next page of its views. It replaces the last one only when its log still begins with all that was in the last
 * one (audit.md): a vehicle that rewrites its history is found, and the evidence is kept.
 */
final class AuditHandler implements MessageHandler {
    private static final int LONGEST_PROOF = 128 * Hash.SIZE;

    private final FleetParts parts;
    private final ViewsIntake views;

    AuditHandler(FleetParts parts) {
        this.parts = parts;
        this.views = new ViewsIntake(parts.time());
    }

    /** What a message contradicts: a stable word for incidents, and one sentence. */
    record Objection(String cause, String detail) {}

    @Override
    public void handle(VehicleId vehicle, byte[] payload) throws MalformedMessageException {
        AuditCheckpoint message = Parse.message(AuditCheckpoint.parser(), "AuditCheckpoint", payload);
        List<Hash> proof = proof(message.getConsistency());
        String key = parts.database()
                .read(tx -> tx.vehicles().find(vehicle.value()))
                .map(VehicleRow::auditKey)
                .orElse("");
        if (key.isEmpty()) {
            parts.incidents()
                    .record(vehicle.value(), "audit-key-unknown", "a checkpoint came before the log's verifier key");
            return;
        }
        NoteKey verifier = NoteKey.parse(key);
        Checkpoint checkpoint = open(message, verifier);
        Optional<SummaryPage> page = page(vehicle, message, checkpoint, verifier);
        Optional<Objection> objection = parts.database().write(tx -> {
            Optional<Objection> found = take(tx, vehicle, checkpoint, message, proof)
                    .or(() -> page.flatMap(told -> views.take(tx, vehicle.value(), checkpoint, told)));
            found.ifPresent(why -> keepEvidence(tx, vehicle, why, message));
            return found;
        });
        objection.ifPresent(why -> parts.incidents().record(vehicle.value(), why.cause(), why.detail()));
    }

    private static Checkpoint open(AuditCheckpoint message, NoteKey key) throws MalformedMessageException {
        try {
            return Checkpoint.open(message.getNote().toByteArray(), key);
        } catch (NoteException e) {
            throw new MalformedMessageException(String.valueOf(e.getMessage()), e);
        }
    }

    /** The page of views that came with the head, if one came and its log bears it out. */
    private Optional<SummaryPage> page(VehicleId vehicle, AuditCheckpoint message, Checkpoint head, NoteKey key) {
        if (message.getSummary().isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(new SummaryReader(head, message.getNote().toByteArray(), key)
                    .read(
                            message.getSummary().toByteArray(),
                            message.getSummaryNote().toByteArray()));
        } catch (AuditException e) {
            parts.incidents().record(vehicle.value(), "audit-summary-refused", String.valueOf(e.getMessage()));
            return Optional.empty();
        }
    }

    private Optional<Objection> take(
            Transaction tx, VehicleId vehicle, Checkpoint next, AuditCheckpoint message, List<Hash> proof) {
        CheckpointLedger ledger =
                new CheckpointLedger(tx.checkpoints().find(vehicle.value()).map(AuditHandler::head));
        return switch (ledger.judge(next, message.getPreviousSize(), proof)) {
            case Judgement.Extends _ -> {
                tx.checkpoints()
                        .set(new CheckpointTable.Row(
                                vehicle.value(),
                                message.getNote().toByteArray(),
                                next.size(),
                                next.root().toString(),
                                parts.time().millis()));
                yield Optional.empty();
            }
            // the next bundle tells the vehicle what the fleet holds, and the next head is proved from there
            case Judgement.Repeats _, Judgement.Unproved _ -> Optional.empty();
            case Judgement.Rewritten rewritten -> Optional.of(new Objection("audit-inconsistent", rewritten.why()));
        };
    }

    /** Both notes, signed by the vehicle, that cannot be true of one log. */
    private void keepEvidence(Transaction tx, VehicleId vehicle, Objection objection, AuditCheckpoint message) {
        byte[] held = tx.checkpoints()
                .find(vehicle.value())
                .map(CheckpointTable.Row::note)
                .orElse(new byte[0]);
        byte[] offered = objection.cause().equals("audit-inconsistent")
                ? message.getNote().toByteArray()
                : message.getSummaryNote().toByteArray();
        tx.auditConflicts()
                .note(
                        vehicle.value(),
                        objection.detail(),
                        held,
                        offered,
                        parts.time().millis());
    }

    private static Checkpoint head(CheckpointTable.Row row) {
        return Checkpoint.parse(SignedNote.parse(row.note()).text());
    }

    private static List<Hash> proof(ByteString run) throws MalformedMessageException {
        Parse.require(
                run.size() <= LONGEST_PROOF && run.size() % Hash.SIZE == 0,
                "a consistency proof is a run of at most 128 hashes");
        byte[] bytes = run.toByteArray();
        List<Hash> proof = new ArrayList<>();
        for (int offset = 0; offset < bytes.length; offset += Hash.SIZE) {
            proof.add(Hash.at(bytes, offset));
        }
        return proof;
    }
}

package dev.bulkhead.server.fleet;

import com.google.protobuf.ByteString;
import dev.bulkhead.contract.proto.AuditCheckpoint;
import dev.bulkhead.security.audit.CheckpointLedger;
import dev.bulkhead.security.audit.CheckpointLedger.Judgement;
import dev.bulkhead.security.audit.merkle.Hash;
import dev.bulkhead.security.audit.note.Checkpoint;
import dev.bulkhead.security.audit.note.NoteException;
import dev.bulkhead.security.audit.note.NoteKey;
import dev.bulkhead.security.audit.note.SignedNote;
import dev.bulkhead.server.broker.VehicleId;
import dev.bulkhead.server.store.CheckpointTable;
import dev.bulkhead.server.store.Transaction;
import dev.bulkhead.server.store.VehicleRow;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The head of a vehicle's audit log. It replaces the last one only when its log still begins with all that was in the last
 * one (audit.md): a vehicle that rewrites its history is found, and the evidence is kept.
 */
final class AuditHandler implements MessageHandler {
    private static final int LONGEST_PROOF = 128 * Hash.SIZE;

    private final FleetParts parts;

    AuditHandler(FleetParts parts) {
        this.parts = parts;
    }

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
        Checkpoint checkpoint = open(message, key);
        Optional<String> objection = parts.database().write(tx -> take(tx, vehicle, checkpoint, message, proof));
        objection.ifPresent(why -> parts.incidents().record(vehicle.value(), "audit-inconsistent", why));
    }

    private static Checkpoint open(AuditCheckpoint message, String key) throws MalformedMessageException {
        try {
            return Checkpoint.open(message.getNote().toByteArray(), NoteKey.parse(key));
        } catch (NoteException e) {
            throw new MalformedMessageException(String.valueOf(e.getMessage()), e);
        }
    }

    private Optional<String> take(
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
            case Judgement.Rewritten rewritten -> Optional.of(rewritten.why());
        };
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

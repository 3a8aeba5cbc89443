package dev.bulkhead.server.fleet;

import com.google.protobuf.ByteString;
import dev.bulkhead.contract.proto.AuditCheckpoint;
import dev.bulkhead.security.audit.merkle.Hash;
import dev.bulkhead.security.audit.merkle.Proofs;
import dev.bulkhead.security.audit.note.Checkpoint;
import dev.bulkhead.security.audit.note.NoteException;
import dev.bulkhead.security.audit.note.NoteKey;
import dev.bulkhead.server.broker.VehicleId;
import dev.bulkhead.server.store.CheckpointTable;
import dev.bulkhead.server.store.Transaction;
import dev.bulkhead.server.store.VehicleRow;
import java.util.ArrayList;
import java.util.HexFormat;
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
        Optional<CheckpointTable.Row> last = tx.checkpoints().find(vehicle.value());
        if (last.isPresent()) {
            Optional<String> objection = objection(last.get(), next, proof);
            if (objection.isPresent()) {
                return objection;
            }
        }
        tx.checkpoints()
                .set(new CheckpointTable.Row(
                        vehicle.value(),
                        message.getNote().toByteArray(),
                        next.size(),
                        next.root().toString(),
                        parts.time().millis()));
        return Optional.empty();
    }

    private static Optional<String> objection(CheckpointTable.Row last, Checkpoint next, List<Hash> proof) {
        Hash lastRoot = Hash.of(HexFormat.of().parseHex(last.root()));
        if (next.size() == last.size() && next.root().equals(lastRoot)) {
            return Optional.empty();
        }
        if (next.size() < last.size()) {
            return Optional.of("the log had " + last.size() + " entries and now has " + next.size());
        }
        return Proofs.consistent(last.size(), lastRoot, next.size(), next.root(), proof)
                ? Optional.empty()
                : Optional.of("the log of " + next.size() + " entries is not shown to begin with the " + last.size()
                        + " entries of the last checkpoint");
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

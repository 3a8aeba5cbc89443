package dev.bulkhead.server.fleet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.protobuf.ByteString;
import dev.bulkhead.contract.proto.AuditCheckpoint;
import dev.bulkhead.security.audit.merkle.GrowingTree;
import dev.bulkhead.security.audit.merkle.Hash;
import dev.bulkhead.security.audit.merkle.MerkleTree;
import dev.bulkhead.security.audit.merkle.TreeHasher;
import dev.bulkhead.security.audit.note.Checkpoint;
import dev.bulkhead.security.audit.note.NoteKey;
import dev.bulkhead.security.audit.note.NoteSigner;
import dev.bulkhead.security.keys.FileSigner;
import dev.bulkhead.security.keys.KeyScheme;
import dev.bulkhead.server.broker.VehicleId;
import dev.bulkhead.server.campaign.Assignments;
import dev.bulkhead.server.campaign.Changes;
import dev.bulkhead.server.store.CheckpointTable;
import dev.bulkhead.server.store.Database;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class AuditHandlerTest {
    private static final VehicleId CAR = new VehicleId("car-1");
    private static final String ORIGIN = "bulkhead/vehicle/car-1";

    private final FileSigner key = FileSigner.generate(KeyScheme.ED25519, new SecureRandom());
    private final List<Hash> log = new ArrayList<>();
    private Database database;
    private IncidentLog incidents;
    private AuditHandler handler;

    @BeforeEach
    void open(@TempDir Path folder) {
        InstantSource time = InstantSource.system();
        database = Database.open(folder.resolve("fleet.db"));
        incidents = new IncidentLog(database, time);
        incidents.start();
        Assignments assignments =
                new Assignments(database, (tx, car) -> {}, (car, why) -> {}, new Changes(), time, new Random(1));
        handler = new AuditHandler(new FleetParts(
                database,
                assignments,
                () -> {
                    throw new AssertionError("nothing is sent");
                },
                incidents,
                time));
        database.write(tx -> {
            tx.vehicles().seen(CAR.value(), 1);
            tx.vehicles().setAuditKey(CAR.value(), noteKey().toString());
            return true;
        });
    }

    @AfterEach
    void close() {
        incidents.close();
        database.close();
    }

    private NoteKey noteKey() {
        return NoteKey.of(ORIGIN, HexFormat.of().parseHex(key.publicKey().publicText()));
    }

    private void append(String entry) {
        log.add(new TreeHasher().leaf(entry.getBytes(StandardCharsets.UTF_8)));
    }

    private Hash subtree(int from, int to) {
        GrowingTree tree = new GrowingTree();
        log.subList(from, to).forEach(tree::appendLeaf);
        return tree.root();
    }

    private byte[] checkpoint(int since) {
        MerkleTree tree = new MerkleTree(
                (level, index) -> subtree((int) (index << level), (int) ((index + 1) << level)), log.size());
        ByteArrayOutputStream proof = new ByteArrayOutputStream();
        tree.consistencyProof(since).forEach(hash -> proof.writeBytes(hash.bytes()));
        byte[] note = new Checkpoint(ORIGIN, log.size(), subtree(0, log.size()))
                .sign(NoteSigner.of(key))
                .bytes();
        return AuditCheckpoint.newBuilder()
                .setNote(ByteString.copyFrom(note))
                .setTreeSize(log.size())
                .setPreviousSize(since)
                .setConsistency(ByteString.copyFrom(proof.toByteArray()))
                .build()
                .toByteArray();
    }

    private long held() {
        return database.read(tx -> tx.checkpoints().find(CAR.value()))
                .map(CheckpointTable.Row::size)
                .orElse(0L);
    }

    @Test
    void followsALogThatGrows() throws MalformedMessageException {
        for (int i = 0; i < 9; i++) {
            append("entry " + i);
            handler.handle(CAR, checkpoint((int) held()));
            assertEquals(i + 1, held());
        }
        handler.handle(CAR, checkpoint(9));
        assertEquals(9, held());
        assertEquals(0, incidents.counts().size());
    }

    @Test
    void keepsTheOldHeadWhenHistoryWasRewritten() throws MalformedMessageException {
        append("one");
        append("two");
        append("three");
        handler.handle(CAR, checkpoint(0));
        log.clear();
        append("one");
        append("another two");
        append("three");
        append("four");
        handler.handle(CAR, checkpoint(3));
        assertEquals(3, held());
        assertEquals(1L, incidents.counts().get("audit-inconsistent"));
    }

    @Test
    void keepsTheOldHeadWhenTheLogWasCut() throws MalformedMessageException {
        append("one");
        append("two");
        handler.handle(CAR, checkpoint(0));
        log.removeLast();
        handler.handle(CAR, checkpoint(0));
        assertEquals(2, held());
        assertEquals(1L, incidents.counts().get("audit-inconsistent"));
    }

    @Test
    void refusesANoteOfAnotherKey() {
        append("one");
        database.write(tx -> {
            FileSigner other = FileSigner.generate(KeyScheme.ED25519, new SecureRandom());
            byte[] publicKey = HexFormat.of().parseHex(other.publicKey().publicText());
            tx.vehicles().setAuditKey(CAR.value(), NoteKey.of(ORIGIN, publicKey).toString());
            return true;
        });
        assertThrows(MalformedMessageException.class, () -> handler.handle(CAR, checkpoint(0)));
        assertEquals(0, held());
    }
}

package dev.bulkhead.agent.ota;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import dev.bulkhead.contract.proto.AuditCheckpoint;
import dev.bulkhead.contract.proto.AuditEntry;
import dev.bulkhead.security.audit.AuditLog;
import dev.bulkhead.security.audit.AuditSettings;
import dev.bulkhead.security.audit.LogReader;
import dev.bulkhead.security.audit.merkle.Hash;
import dev.bulkhead.security.audit.merkle.Proofs;
import dev.bulkhead.security.audit.note.Checkpoint;
import dev.bulkhead.security.audit.note.NoteKey;
import dev.bulkhead.security.audit.note.NoteSigner;
import dev.bulkhead.security.audit.summary.SummaryPage;
import dev.bulkhead.security.audit.summary.SummaryReader;
import dev.bulkhead.security.keys.FileSigner;
import dev.bulkhead.security.keys.KeyScheme;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class AuditLogHeadTest {
    private static final String ORIGIN = "bulkhead/vehicle/veh-1";

    @TempDir
    Path directory;

    private AuditLog log;
    private NoteKey key;
    private AuditLogHead head;

    @BeforeEach
    void open() {
        NoteSigner signer = NoteSigner.of(FileSigner.generate(KeyScheme.ED25519, new SecureRandom()));
        key = NoteKey.of(ORIGIN, signer.publicKey());
        log = AuditLog.open(
                directory.resolve("audit.db"), AuditSettings.of(ORIGIN), signer, () -> Instant.ofEpochSecond(1));
        head = new AuditLogHead(log, ORIGIN, signer);
    }

    @AfterEach
    void close() {
        log.close();
    }

    private AuditCheckpoint after(int attacks, long size) {
        AuditTrailWitness witness = new AuditTrailWitness(log);
        for (int i = 0; i < attacks; i++) {
            witness.attackSeen("block-hash", "block " + i);
        }
        return head.since(size).orElseThrow();
    }

    private static List<Hash> hashes(ByteString run) {
        List<Hash> hashes = new ArrayList<>();
        for (int i = 0; i < run.size(); i += Hash.SIZE) {
            hashes.add(Hash.at(run.toByteArray(), i));
        }
        return hashes;
    }

    @Test
    void provesThatTheLogExtendsWhatTheFleetHolds() {
        Checkpoint old = Checkpoint.open(after(5, 0).getNote().toByteArray(), key);
        AuditCheckpoint grown = after(8, 5);
        Checkpoint next = Checkpoint.open(grown.getNote().toByteArray(), key);
        assertEquals(13, next.size());
        assertEquals(5, grown.getPreviousSize());
        assertTrue(Proofs.consistent(5, old.root(), 13, next.root(), hashes(grown.getConsistency())));
    }

    @Test
    void signsAgainOnlyWhenTheLogHasGrown() {
        assertEquals(after(3, 0).getNote(), head.since(0).orElseThrow().getNote());
        assertFalse(head.since(0).orElseThrow().getNote().equals(after(1, 0).getNote()));
    }

    @Test
    void hasNoProofForAFleetThatHoldsMoreThanThereIs() {
        assertEquals(ByteString.EMPTY, after(3, 100).getConsistency());
    }

    @Test
    void tellsTheViewsUnderTheSameHead() {
        log.append(AuditEntry.newBuilder()
                .setAppId("com.acme.climate")
                .setDenied(AuditEntry.Denied.newBuilder().setAccess("signal A.B actuate"))
                .build());
        AuditCheckpoint plain = after(3, 0);
        AuditCheckpoint told = head.summarised(plain, 0);
        byte[] note = told.getNote().toByteArray();
        SummaryPage page = new SummaryReader(Checkpoint.open(note, key), note, key)
                .read(told.getSummary().toByteArray(), told.getSummaryNote().toByteArray());
        assertEquals(plain.getNote(), told.getNote());
        assertEquals("com.acme.climate", page.touches().getFirst().touch().app());
        assertEquals(4, page.to());
        assertEquals(Optional.of(key.toString()), head.verifierKey());
    }

    @Test
    void recordsAnAttackAsSomethingNotBelieved() {
        after(1, 0);
        try (LogReader reader = log.reader()) {
            var refused = LogReader.parse(0, reader.entry(0)).getRefused();
            assertEquals("block", refused.getWhat());
            assertEquals("block-hash", refused.getName());
            assertEquals("block 0", refused.getWhy());
        }
    }
}

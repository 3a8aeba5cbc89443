package dev.bulkhead.security.audit;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.bulkhead.contract.proto.AuditEntry;
import dev.bulkhead.security.audit.evidence.EntryProof;
import dev.bulkhead.security.audit.matrix.AuditMatrix;
import dev.bulkhead.security.audit.merkle.TreeHasher;
import dev.bulkhead.security.audit.note.Checkpoint;
import dev.bulkhead.security.audit.note.NoteKey;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Seeded mutations into every parser of the audit rooms: only their own exceptions come out. */
class AuditFuzzTest {
    private static final int ROUNDS = 20_000;
    private static final TestSigner SIGNER = new TestSigner(5);
    private static final NoteKey KEY = SIGNER.noteKey("bulkhead/vehicle/F1");

    @Test
    void onlyAuditExceptionsComeOutOfMutatedCheckpoints() {
        byte[] note = new Checkpoint("bulkhead/vehicle/F1", 42, new TreeHasher().empty())
                .sign(SIGNER)
                .bytes();
        int refused = 0;
        var random = new Random(1);
        int believed = 0;
        for (int round = 0; round < ROUNDS; round++) {
            byte[] mutated = mutate(note, random);
            try {
                Checkpoint.open(mutated, KEY);
                believed += Arrays.equals(mutated, note) ? 0 : 1;
            } catch (AuditException expected) {
                refused++;
            }
        }
        assertTrue(refused > 1000, refused + " were refused");
        assertTrue(believed == 0, believed + " changed notes were believed");
    }

    @Test
    void onlyAuditExceptionsComeOutOfMutatedKeys() {
        byte[] key = KEY.toString().getBytes(StandardCharsets.UTF_8);
        int refused = 0;
        var random = new Random(2);
        for (int round = 0; round < ROUNDS; round++) {
            try {
                NoteKey.parse(new String(mutate(key, random), StandardCharsets.UTF_8));
            } catch (AuditException expected) {
                refused++;
            }
        }
        assertTrue(refused > 1000, refused + " were refused");
    }

    @Test
    void noMutatedProofIsBelievedAndOnlyAuditExceptionsComeOut() {
        byte[] entry = "an entry".getBytes(StandardCharsets.UTF_8);
        byte[] note = new Checkpoint("bulkhead/vehicle/F1", 1, new TreeHasher().leaf(entry))
                .sign(SIGNER)
                .bytes();
        byte[] good = EntryProof.of(0, entry, List.of(), note).bytes();
        var random = new Random(4);
        int refused = 0;
        for (int round = 0; round < ROUNDS; round++) {
            byte[] mutated = mutate(good, random);
            try {
                EntryProof proof = EntryProof.parse(mutated);
                boolean sameClaim = proof.index() == 0 && Arrays.equals(entry, proof.entry());
                assertTrue(
                        sameClaim || proof.objection(KEY).isPresent(),
                        () -> new String(mutated, StandardCharsets.UTF_8));
            } catch (AuditException expected) {
                refused++;
            }
        }
        assertTrue(refused > 1000, refused + " were refused");
    }

    @Test
    void mutatedEntriesGiveViewsOrProtocolErrors() {
        byte[] entry = AuditEntry.newBuilder()
                .setUnixMs(5)
                .setAppId("com.polar.climate")
                .setVersion("1.0.0")
                .setUsed(AuditEntry.Used.newBuilder()
                        .setAccess("signal Vehicle.Speed read")
                        .setCount(7)
                        .setSinceUnixMs(1)
                        .setLeast(1)
                        .setGreatest(2))
                .build()
                .toByteArray();
        var random = new Random(3);
        int readable = 0;
        for (int round = 0; round < ROUNDS; round++) {
            var adder = new TouchTable.Adder();
            try {
                adder.add(0, AuditEntry.parseFrom(mutate(entry, random)));
            } catch (InvalidProtocolBufferException expected) {
                continue;
            }
            AuditMatrix.of(adder.table("o"));
            readable++;
        }
        assertTrue(readable > 100, readable + " were readable");
    }

    @Test
    void onlyAuditExceptionsComeOutOfMutatedBundles() {
        byte[] bundle = EntryChunk.encode(List.of(new byte[3], new byte[300], new byte[0]));
        int refused = 0;
        var random = new Random(4);
        for (int round = 0; round < ROUNDS; round++) {
            try {
                EntryChunk.decode(mutate(bundle, random));
            } catch (AuditException expected) {
                refused++;
            }
        }
        assertTrue(refused > 1000, refused + " were refused");
    }

    private static byte[] mutate(byte[] good, Random random) {
        byte[] bytes = Arrays.copyOf(good, random.nextInt(6) == 0 ? random.nextInt(good.length * 2) : good.length);
        for (int i = random.nextInt(4); i >= 0 && bytes.length > 0; i--) {
            int at = random.nextInt(bytes.length);
            switch (random.nextInt(3)) {
                case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
                case 1 -> bytes[at] = (byte) random.nextInt(256);
                default -> bytes[at] = bytes[random.nextInt(bytes.length)];
            }
        }
        return bytes;
    }
}

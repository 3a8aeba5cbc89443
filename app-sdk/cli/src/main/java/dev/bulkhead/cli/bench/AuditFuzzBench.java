package dev.bulkhead.cli.bench;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.bulkhead.contract.proto.AuditEntry;
import dev.bulkhead.contract.proto.AuditSummary;
import dev.bulkhead.contract.proto.TouchKind;
import dev.bulkhead.security.audit.AuditException;
import dev.bulkhead.security.audit.EntryChunk;
import dev.bulkhead.security.audit.TouchTable;
import dev.bulkhead.security.audit.evidence.EntryProof;
import dev.bulkhead.security.audit.merkle.TreeHasher;
import dev.bulkhead.security.audit.note.Checkpoint;
import dev.bulkhead.security.audit.note.NoteKey;
import dev.bulkhead.security.audit.summary.SummaryReader;
import dev.bulkhead.security.audit.summary.SummaryWriter;
import dev.bulkhead.security.policy.PolicyException;
import dev.bulkhead.security.policy.VehiclePolicy;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Mutates inputs to every parser of audit and policy; anything but the rooms' own exceptions ends the run. */
final class AuditFuzzBench {
    private static final String ORIGIN = "bulkhead/vehicle/BENCH";
    private static final String POLICY = """
            [policy]
            name = "p"
            epoch = 3
            [[vendor]]
            name = "acme"
            prefix = "com.acme"
            ceiling = ["signal Vehicle.** read rate<=5Hz", "can can0 tx 100-1FF fd dlc=12..64"]
            [[rule]]
            name = "r"
            app = "com.acme.*"
            lines = ["signal A.* actuate range=0..5 when \\"A.B == 0\\"", "deny infer any"]
            """;

    private AuditFuzzBench() {}

    static Measurement run(int inputs) {
        BenchKey signer = BenchKey.make();
        NoteKey key = NoteKey.of(ORIGIN, signer.publicKey());
        byte[] entry = AuditBench.actuated(7).toByteArray();
        Checkpoint head = new Checkpoint(ORIGIN, 1, new TreeHasher().leaf(entry));
        byte[] note = head.sign(signer).bytes();
        byte[] proof = EntryProof.of(0, entry, List.of(), note).bytes();
        byte[] summary = page(entry).toByteArray();
        byte[] bundle = EntryChunk.encode(List.of(entry, entry, new byte[0]));
        byte[] policy = POLICY.getBytes(StandardCharsets.ISO_8859_1);
        byte[] keyText = key.toString().getBytes(StandardCharsets.ISO_8859_1);
        var random = new Random(6);
        long refused = 0;
        for (int i = 0; i < inputs; i++) {
            boolean taken = switch (i % 7) {
                case 0 -> takes(() -> Checkpoint.open(mutate(note, random), key));
                case 1 -> takesEntry(mutate(entry, random));
                case 2 -> takes(() -> EntryChunk.decode(mutate(bundle, random)));
                case 3 -> takes(() -> VehiclePolicy.parse(text(mutate(policy, random)), "p.toml"));
                case 4 -> takes(() -> EntryProof.parse(mutate(proof, random)).objection(key));
                case 5 -> {
                    byte[] page = mutate(summary, random);
                    yield takes(() -> new SummaryReader(head, note, key).read(page, signed(page, head, signer)));
                }
                default -> takes(() -> NoteKey.parse(text(mutate(keyText, random))));
            };
            refused += taken ? 0 : 1;
        }
        String how = "checkpoints, entries, bundles, proofs, summaries, policies, keys; " + refused
                + " refused, no other exception";
        return new Measurement("mutated inputs survived", inputs, "inputs", inputs, true, how);
    }

    /** One denial; the page is signed anew after each mutation, so that it gets past the signature. */
    private static AuditSummary page(byte[] entry) {
        AuditSummary.Builder page = AuditSummary.newBuilder().setTreeSize(1).setTo(1);
        page.addTouchesBuilder()
                .setAppId("com.bench.app7")
                .setVersion("1.0.0")
                .setVendor("bench")
                .setKind(TouchKind.TOUCH_KIND_USED)
                .setAccess("signal Vehicle.Cabin.HVAC.Station.Row1.Driver.FanSpeed actuate")
                .setCount(1)
                .getNewestBuilder()
                .setEntry(ByteString.copyFrom(entry));
        return page.build();
    }

    private static byte[] signed(byte[] page, Checkpoint head, BenchKey signer) {
        return SummaryWriter.sign(page, head, signer);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    private static boolean takes(Runnable parser) {
        try {
            parser.run();
            return true;
        } catch (AuditException | PolicyException refused) {
            return false;
        }
    }

    private static boolean takesEntry(byte[] bytes) {
        try {
            new TouchTable.Adder().add(0, AuditEntry.parseFrom(bytes));
            return true;
        } catch (InvalidProtocolBufferException refused) {
            return false;
        }
    }

    private static byte[] mutate(byte[] good, Random random) {
        byte[] bytes = Arrays.copyOf(good, random.nextInt(6) == 0 ? random.nextInt(good.length * 2) : good.length);
        for (int i = random.nextInt(4); i >= 0 && bytes.length > 0; i--) {
            int at = random.nextInt(bytes.length);
            bytes[at] = switch (random.nextInt(3)) {
                case 0 -> (byte) (bytes[at] ^ (1 << random.nextInt(8)));
                case 1 -> (byte) random.nextInt(256);
                default -> bytes[random.nextInt(bytes.length)];
            };
        }
        return bytes;
    }
}

package dev.bulkhead.agent.sandbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulkhead.agent.codegen.CodeForm;
import dev.bulkhead.agent.codegen.ModuleCompiler;
import dev.bulkhead.agent.wasm.ModuleReader;
import dev.bulkhead.agent.wasm.ReaderLimits;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Code in the caches of vehicles is found by the generator's version: other code under the same version would never get there. */
final class GeneratedCodeTest {
    private static final int VERSION = 14;
    private static final String DIGEST = "f254deb89f65812dfa596fc2853b2e00a7e234771f6776a87745f06978a5168e";

    private static final ReaderLimits LIMITS = new ReaderLimits(1_000, 1_000, 100, 1 << 20, 1_000, 1_000, 120, true);

    /** A function long enough to be cut into pieces, with a loop over a switch, which is called out of a loop. */
    private static byte[] longModule() {
        StringBuilder text = new StringBuilder("(module (memory 1) (func $long (param i32 i64 f64) (result i32)"
                + " (loop $again (block $out (block $b (block $a (br_table $a $b $out (local.get 0)))");
        for (int arm = 0; arm < 2; arm++) {
            for (int i = 0; i < 400; i++) {
                text.append("(local.set 1 (i64.add (i64.mul (local.get 1) (i64.const ")
                        .append(i + 70_000 + arm);
                text.append(")) (i64.load offset=").append(i).append(" (i32.and (local.get 0) (i32.const 255)))))");
            }
            text.append("(local.set 0 (i32.wrap_i64 (local.get 1))) (br $again))");
        }
        return Wat.bytes(text.append(") (local.get 0)) (func (export \"f\") (param i32) (result i32)"
                        + " (loop (local.set 0 (call $long (local.get 0) (i64.const 3) (f64.const 0.5)))"
                        + " (br_if 0 (local.get 0))) (local.get 0)))")
                .toString());
    }

    private static SortedMap<String, byte[]> classes(byte[] module, CodeForm form) {
        return new TreeMap<>(ModuleCompiler.compile(ModuleReader.read(module, LIMITS), LIMITS, form)
                .classes());
    }

    @Test
    void isTheSameUnderTheSameVersion() throws NoSuchAlgorithmException {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        for (byte[] module : List.of(EveryInstruction.module(), longModule())) {
            for (CodeForm form : CodeForm.values()) {
                classes(module, form).forEach((name, bytes) -> {
                    digest.update(name.getBytes(StandardCharsets.UTF_8));
                    digest.update(ByteBuffer.allocate(4).putInt(0, bytes.length));
                    digest.update(bytes);
                });
            }
        }
        assertEquals(
                VERSION + " " + DIGEST,
                ModuleCompiler.VERSION + " " + HexFormat.of().formatHex(digest.digest()),
                "generated code changed: raise ModuleCompiler.VERSION, then set VERSION and DIGEST here to the new ones");
    }

    @Test
    void isLookedAtInAllItsParts() {
        List<String> names =
                List.copyOf(classes(EveryInstruction.module(), CodeForm.METERED).keySet());
        for (String part : List.of("State", "F0", "S0", "Dispatch0", "Tail")) {
            assertTrue(names.contains("dev.bulkhead.guest." + part), part + " is none of " + names);
        }
        assertTrue(
                classes(longModule(), CodeForm.METERED).keySet().stream().anyMatch(name -> name.contains(".P")),
                "no function was cut");
    }

    @Test
    void ofEveryInstructionIsAcceptedByTheJvm() {
        VectorsAtHand.assume();
        Instance instance = Wat.instance(EveryInstruction.module());
        for (int i = 0; instance.exports("f" + i); i++) {
            Outcome outcome = instance.call("f" + i, 0, 0, 0, 0, 0, 0, -1);
            if (outcome instanceof Outcome.Trapped trapped) {
                assertTrue(trapped.kind() != TrapKind.HOST_FAULT, i + ": " + trapped);
            }
        }
    }
}

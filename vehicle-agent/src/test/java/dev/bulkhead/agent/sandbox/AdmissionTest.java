package dev.bulkhead.agent.sandbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulkhead.agent.sandbox.AdmissionException.Reason;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** What is refused, and what the refusal says. */
final class AdmissionTest {
    private static void refused(Reason reason, String says, byte[] module) {
        refused(reason, says, module, Limits.forMemory(Wat.PLENTY));
    }

    private static void refused(Reason reason, String says, byte[] module, Limits limits) {
        AdmissionException refusal = assertThrows(AdmissionException.class, () -> Wat.compile(module, limits));
        assertEquals(reason, refusal.reason(), refusal.getMessage());
        assertTrue(refusal.getMessage().contains(says), refusal.getMessage());
    }

    private static void refused(Reason reason, String says, String wat) {
        refused(reason, says, Wat.bytes(wat));
    }

    @Test
    void refusesAModuleLargerThanTheLimitBeforeReadingIt() {
        Limits small = new Limits(100, Wat.PLENTY, 10, 10, 10, 100, 100, 100, 10, 10);
        refused(Reason.TOO_LARGE, "101 bytes, at most 100", new byte[101], small);
    }

    @Test
    void refusesEveryTruncationOfAModule() {
        byte[] whole = Wat.bytes("(module (memory 1) (func (export \"f\") (result i32) i32.const 7))");
        for (int length = 0; length < whole.length; length++) {
            byte[] cut = Arrays.copyOf(whole, length);
            // cut between sections it may be a module again, one without code
            if (length > 8 && length != 8) {
                try {
                    Wat.compile(cut, Limits.forMemory(Wat.PLENTY));
                } catch (AdmissionException expected) {
                    assertTrue(expected.getMessage().contains("offset"), expected.getMessage());
                }
            } else if (length < 8) {
                refused(Reason.MALFORMED, "offset 0x", cut);
            }
        }
    }

    @Test
    void survivesEveryOneByteDamage() {
        byte[] whole = Wat.bytes("(module (memory 1) (table 2 funcref) (elem (i32.const 0) 0)"
                + " (func (export \"f\") (result i32) (loop (br_if 0 (i32.const 0))) i32.const 7))");
        for (int place = 0; place < whole.length; place++) {
            for (int value = 0; value < 256; value++) {
                byte[] damaged = whole.clone();
                damaged[place] = (byte) value;
                try {
                    Wat.compile(damaged, Limits.forMemory(Wat.PLENTY));
                } catch (AdmissionException expected) {
                    assertTrue(!expected.getMessage().isEmpty());
                }
            }
        }
    }

    @Test
    void refusesFourGibibytesOfInitialMemoryWithLimitAndValue() {
        refused(
                Reason.MEMORY_OVER_BUDGET,
                "4294967296 bytes are above the budget of 67108864 bytes",
                "(module (memory 65536))");
    }

    @Test
    void refusesAnUnknownImportByNameWithTheNearestKnown() {
        refused(
                Reason.UNKNOWN_IMPORT,
                "unknown import app.ecko; did you mean echo?",
                "(module (import \"app\" \"ecko\" (func)))");
    }

    @Test
    void refusesAnImportWithAnotherSignature() {
        refused(
                Reason.UNKNOWN_IMPORT,
                "declared as (i32), but is (i64)i64",
                "(module (import \"app\" \"echo\" (func (param i32))))");
    }

    @Test
    void refusesAnImportNoRequestedCapabilityCovers() {
        refused(Reason.UNCOVERED_IMPORT, "signal … actuate", "(module (import \"hal\" \"secret\" (func)))");
    }

    @Test
    void refusesImportedTablesAndGlobals() {
        refused(Reason.UNSUPPORTED, "import of table", "(module (import \"app\" \"t\" (table 1 funcref)))");
        refused(Reason.UNSUPPORTED, "import of global", "(module (import \"app\" \"g\" (global i32)))");
        refused(Reason.UNSUPPORTED, "only env.memory", "(module (import \"app\" \"m\" (memory 1)))");
    }

    @Test
    void refusesFiftyThousandLocalsByFunctionName() {
        String locals = "i32 ".repeat(50_000);
        refused(
                Reason.OVER_LIMIT,
                "in $many: 50000 locals, at most 10000",
                named("(func $many (local " + locals + "))"));
    }

    private static byte[] named(String function) {
        return Wat.bytes("(module " + function + " (export \"$many\" (func 0)))");
    }

    @Test
    void refusesATypeErrorWithFunctionAndOffset() {
        // i32.add on an i64: the text format's tool would refuse it, so it is made by damaging an i32.const
        byte[] module = Wat.bytes("(module (func (export \"f\") (result i32) i32.const 7 i32.const 8 i32.add))");
        for (int i = 0; i < module.length; i++) {
            if (module[i] == 0x41) {
                module[i] = 0x42;
                refused(Reason.INVALID, "type mismatch: expected I32, found I64 (at offset 0x", module);
                return;
            }
        }
    }
}

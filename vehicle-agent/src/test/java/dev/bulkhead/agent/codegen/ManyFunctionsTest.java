package dev.bulkhead.agent.codegen;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.dylibso.chicory.wabt.Wat2Wasm;
import dev.bulkhead.agent.wasm.ModuleReader;
import dev.bulkhead.agent.wasm.ReaderLimits;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A module of many functions is written by two threads, and nobody can tell. */
@Timeout(60)
class ManyFunctionsTest {
    private static final ReaderLimits LIMITS = new ReaderLimits(1_000, 100, 100, 100_000, 100, 100, 100, true);
    /** Calls of every kind, and loops, in several classes; every 50th function is long enough to be split. */
    private static final byte[] MODULE = tailCalling(Wat2Wasm.parse(module()));

    private static String module() {
        StringBuilder text = new StringBuilder("(module (type $t (func (param i32) (result i32))) (table 4 funcref)\n");
        for (int function = 0; function < 200; function++) {
            text.append("(func $f").append(function).append(" (type $t)\n");
            text.append("(loop (local.set 0 (i32.sub (local.get 0) (i32.const 1))) (br_if 0 (local.get 0)))\n");
            for (int i = 0; i < (function % 50 == 0 ? 900 : 2); i++) {
                text.append("(local.set 0 (i32.mul (i32.add (local.get 0) (i32.const ")
                        .append(i + 100_000);
                text.append(")) (i32.xor (local.get 0) (i32.const ")
                        .append(i + 70_000)
                        .append("))))\n");
            }
            switch (function % 3) {
                case 0 -> text.append("(call $f").append((function + 1) % 200).append(" (local.get 0))");
                case 1 -> text.append("(call_indirect (type $t) (local.get 0) (local.get 0))");
                default -> text.append("(return (call $f").append(function % 16).append(" (local.get 0)))");
            }
            text.append(")\n");
        }
        return text.append("(elem (i32.const 0) $f1 $f2 $f3))").toString();
    }

    /** Makes tail calls of the calls that a return follows: the text format of wabt has none. */
    private static byte[] tailCalling(byte[] module) {
        for (int i = 8; i + 2 < module.length; i++) {
            if (module[i] == 0x10 && module[i + 1] < 0x10 && module[i + 1] >= 0 && module[i + 2] == 0x0F) {
                module[i] = 0x12;
                module[i + 2] = 0x01;
            }
        }
        return module;
    }

    private static Map<String, byte[]> classes() {
        return ModuleCompiler.compile(ModuleReader.read(MODULE, LIMITS), LIMITS, CodeForm.METERED)
                .classes();
    }

    @RepeatedTest(5)
    void theSameModuleGivesTheSameClassesInTheSameOrder() {
        Map<String, byte[]> once = classes();
        Map<String, byte[]> again = classes();
        assertTrue(once.keySet().stream().anyMatch(name -> name.contains(".P")), "nothing was split: " + once.keySet());
        assertEquals(new ArrayList<>(once.keySet()), new ArrayList<>(again.keySet()));
        once.forEach((name, bytes) -> assertArrayEquals(bytes, again.get(name), name));
    }

    @Test
    void resultsComeInTheOrderOfTheirNumbers() {
        List<Integer> squares = SideBySide.results(1_000, number -> number * number);
        assertEquals(
                IntStream.range(0, 1_000).map(number -> number * number).boxed().toList(), squares);
    }

    @RepeatedTest(5)
    void ofSeveralFailuresTheFirstOneCounts() {
        NotCompilableException first = assertThrows(
                NotCompilableException.class,
                () -> SideBySide.results(100, number -> {
                    if (number >= 10) {
                        throw new NotCompilableException("number " + number);
                    }
                    return number;
                }));
        assertEquals("number 10", first.what());
    }

    @Test
    void anErrorOfEitherThreadIsTheCallers() {
        assertThrows(
                OutOfMemoryError.class,
                () -> SideBySide.results(4, number -> {
                    throw new OutOfMemoryError("of this test");
                }));
    }

    @Test
    void anInterruptWaitsForTheEnd() {
        Thread.currentThread().interrupt();
        List<Integer> results = SideBySide.results(50, number -> number);
        assertTrue(Thread.interrupted(), "the interrupt was lost");
        assertEquals(50, results.size());
    }
}

package dev.bulkhead.agent.codegen;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import com.dylibso.chicory.wabt.Wat2Wasm;
import dev.bulkhead.agent.wasm.Code;
import dev.bulkhead.agent.wasm.FunctionDecoder;
import dev.bulkhead.agent.wasm.ModuleReader;
import dev.bulkhead.agent.wasm.Op;
import dev.bulkhead.agent.wasm.ReaderLimits;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class BaseCaseTest {
    private static final ReaderLimits LIMITS = new ReaderLimits(100, 100, 100, 10_000, 100, 100, 100, true);
    private static final int LOAD = Op.FIRST_LOAD;

    private static @Nullable BaseCase of(String body) {
        byte[] module = Wat2Wasm.parse(
                "(module (memory 1) (global $g (mut i32) (i32.const 0)) (func $f (param i32 i32) (result i32) (local"
                        + " i32) "
                        + body + ") (func $h (param i32) (result i32) (loop) (local.get 0)))");
        Code code = FunctionDecoder.decode(ModuleReader.read(module, LIMITS), 0, LIMITS);
        return BaseCase.of(code, BaseCaseTest::callsNothing);
    }

    private static boolean callsNothing(Code code) {
        return !ops(code).contains(Op.CALL);
    }

    private static List<Integer> ops(Code code) {
        List<Integer> ops = new ArrayList<>();
        for (int i = 0; i < code.size(); i++) {
            ops.add(code.op(i));
        }
        return ops;
    }

    private static final String CALL = "(call $f (i32.sub (local.get 0) (i32.const 1)) (local.get 1))";

    private static void isDecidedBy(List<Integer> test, boolean taken, String body) {
        BaseCase base = of(body);
        assertNotNull(base, body);
        assertEquals(test, ops(base.test()), body);
        assertEquals(taken, base.taken(), body);
    }

    @Test
    void isWhatAnIfOrABranchLeadsToThatDoesNotCall() {
        List<Integer> test = List.of(Op.LOCAL_GET, Op.I32_EQZ);
        isDecidedBy(test, true, "(if (i32.eqz (local.get 0)) (then (return (local.get 1)))) " + CALL);
        isDecidedBy(test, true, "(if (result i32) (i32.eqz (local.get 0)) (then (local.get 1)) (else " + CALL + "))");
        isDecidedBy(test, false, "(if (result i32) (i32.eqz (local.get 0)) (then " + CALL + ") (else (local.get 1)))");
        isDecidedBy(test, false, "(if (i32.eqz (local.get 0)) (then (return " + CALL + "))) (local.get 1)");
        isDecidedBy(
                test, true, "(block (br_if 0 (i32.eqz (local.get 0))) (return " + CALL + ")) (return (local.get 1))");
        isDecidedBy(
                test, false, "(block (br_if 0 (i32.eqz (local.get 0))) (return (local.get 1))) (return " + CALL + ")");
    }

    @Test
    void isWrittenWithoutWhatIsNotReached() {
        BaseCase base = of("(if (i32.eqz (local.get 0)) (then (return (local.get 1)))) " + CALL);
        assertNotNull(base);
        List<Integer> test = List.of(Op.LOCAL_GET, Op.I32_EQZ, Op.DROP);
        List<Integer> then = List.of(Op.BLOCK, Op.LOCAL_GET, Op.RETURN, Op.END);
        List<Integer> behind = List.of(Op.UNREACHABLE, Op.END);
        assertEquals(Stream.of(test, then, behind).flatMap(List::stream).toList(), ops(base.body()));
    }

    @Test
    void mayDependOnMemoryAndGlobalsThatNothingHasChanged() {
        String then = " (then (return (local.get 1))))" + CALL;
        isDecidedBy(List.of(Op.LOCAL_GET, LOAD), true, "(if (i32.load offset=4 (local.get 0))" + then);
        isDecidedBy(List.of(Op.LOCAL_GET, LOAD), true, "(if (local.tee 2 (i32.load (local.get 0)))" + then);
        isDecidedBy(List.of(Op.GLOBAL_GET), true, "(if (global.get $g)" + then);
        assertNull(of("(i32.store (i32.const 8) (i32.const 9)) (if (i32.load (local.get 0))" + then));
        assertNull(of("(global.set $g (i32.const 9)) (if (global.get $g)" + then));
    }

    @Test
    void dependsOnArgumentsAsTheyCameWhateverHappensBefore() {
        List<Integer> test = List.of(Op.LOCAL_GET, Op.I32_CONST, 0x6B, Op.I32_EQZ);
        isDecidedBy(
                test,
                true,
                "(i32.store (i32.const 8) (i32.const 9)) (local.set 2 (i32.sub (local.get 0) (i32.const 1)))"
                        + " (local.set 0 (i32.const 7)) (if (i32.eqz (local.get 2)) (then (return (local.get 1)))) "
                        + CALL);
        assertNull(of("(local.set 0 (select (local.get 0) (local.get 1) (local.get 1)))"
                + " (if (local.get 0) (then (return (local.get 1)))) " + CALL));
    }

    @Test
    void dependsOnTheValueThatIsTestedAndNotOnOneThatWasUsedUp() {
        BaseCase base =
                of("(i32.store (i32.const 8) (i32.const 9)) (local.get 0) (local.set 2 (i32.load (local.get 1)))"
                        + " (if (then (return (local.get 1)))) " + CALL);
        assertNotNull(base);
        assertEquals(List.of(Op.LOCAL_GET), ops(base.test()));
        assertEquals(0, base.test().a(0));
    }

    @Test
    void isNotKnownWhereSeveralTrapsMayComeFirst() {
        String then = " (then (return (local.get 1))))" + CALL;
        isDecidedBy(
                List.of(Op.LOCAL_GET, Op.LOCAL_GET, 0x6D), true, "(if (i32.div_s (local.get 0) (local.get 1))" + then);
        assertNull(of("(local.set 2 (i32.load (local.get 1))) (if (i32.load (local.get 0))" + then));
        assertNull(of("(i32.store (local.get 1) (i32.const 9)) (if (i32.div_s (local.get 0) (local.get 1))" + then));
        isDecidedBy(List.of(Op.LOCAL_GET), true, "(local.set 2 (i32.load (local.get 1))) (if (local.get 0)" + then);
    }

    @Test
    void isNoneWhereBothWaysCallOrNeitherDoesOrALoopComesFirst() {
        assertNull(of("(if (local.get 0) (then (drop " + CALL + "))) " + CALL));
        assertNull(of("(if (local.get 0) (then (return (i32.const 1)))) (local.get 1)"));
        assertNull(of("(loop (br_if 0 (local.get 1))) (if (local.get 0) (then (return (i32.const 1)))) " + CALL));
        assertNull(of(CALL));
        assertNull(of("(block (result i32) (br 0 " + CALL + "))"));
    }

    @Test
    void isNotTestedAtGreatLength() {
        String test = "(local.get 0)";
        for (int i = 0; i < 4; i++) {
            test = "(i32.add (local.get 1) " + test + ")";
        }
        assertNull(of("(if " + test + " (then (return (local.get 1)))) " + CALL));
    }
}

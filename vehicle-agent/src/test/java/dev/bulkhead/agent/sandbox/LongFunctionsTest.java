package dev.bulkhead.agent.sandbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Functions too long for a method of the JVM are written as several, none longer than the JIT compiles, and do what they did and cost what they cost. */
final class LongFunctionsTest {
    private static String times(int count, java.util.function.IntFunction<String> part) {
        return IntStream.range(0, count).mapToObj(part).collect(Collectors.joining());
    }

    @Test
    void fiftyThousandInstructionsInALine() {
        LongFunctions.splits(
                "(module (func (export \"f\") (param i32) (result i32) (local i32)"
                        + times(
                                12_500,
                                i -> "(local.set " + (i & 1) + " (i32.add (local.get " + (i * 7 % 2) + ") (i32.const "
                                        + i * 2_654_435 + ")))")
                        + "(local.get 0)))",
                5);
    }

    @Test
    void valuesOfEachTypeOnTheStackAllTheWay() {
        LongFunctions.splits(
                "(module (func (export \"f\") (param i32 i64) (result i64) (local f64 f32)"
                        + " (local.get 1) (f64.const 1.5) (f32.const 2.5) (local.get 0)"
                        + times(
                                2_000,
                                i -> "(i32.add (i32.const " + i
                                        + ")) (local.set 0) (f32.add (f32.const 0.25)) (local.set 3)"
                                        + " (f64.add (f64.const " + i + ".5)) (local.set 2) (i64.add (i64.const " + i
                                        + "00000)) (local.get 2) (local.get 3) (local.get 0)")
                        + " (i64.extend_i32_s) (local.set 1) (i64.trunc_sat_f32_s) (local.get 1) (i64.add) (local.set 1)"
                        + " (i64.trunc_sat_f64_s) (i64.add) (local.get 1) (i64.add)))",
                5,
                7);
    }

    @Test
    void aDeepStackOfOperands() {
        LongFunctions.splits(
                "(module (func (export \"f\") (param i32) (result i32)"
                        + times(
                                5,
                                k -> times(3_000, i -> "(i32.mul (local.get 0) (i32.const " + i + "))")
                                        + times(2_999, i -> i % 3 == 0 ? "(i32.xor)" : "(i32.add)") + "(local.set 0)")
                        + "(local.get 0)))",
                5);
    }

    @Test
    void aTableOfBranchesWithManyTargets() {
        // wabt's parser recurses too deeply for so many blocks
        int arms = 400;
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        body.writeBytes(new byte[] {1, 1, 0x7F, 0x02, 0x40, 0x03, 0x40, 0x02, 0x40}); // a local; block, loop, block
        IntStream.range(0, arms).forEach(i -> body.writeBytes(new byte[] {0x02, 0x40}));
        body.writeBytes(new byte[] {0x20, 0, 0x0E});
        LongFunctions.writeLength(body, arms * 10);
        IntStream.range(0, arms * 10).forEach(i -> LongFunctions.writeLength(body, i * 7 % arms));
        LongFunctions.writeLength(body, arms);
        for (int i = 0; i < arms; i++) {
            body.writeBytes(new byte[] {0x0B, 0x20, 1, 0x41, 31, 0x6C, 0x41, (byte) (i % 64), 0x6A, 0x21, 1});
            if (i % 5 == 0) {
                body.writeBytes(new byte[] {0x20, 0, 0x41, 63, 0x6A, 0x21, 0, 0x0C}); // and once more
                LongFunctions.writeLength(body, arms - i);
            } else {
                body.write(0x0C);
                LongFunctions.writeLength(body, arms - i + 1);
            }
        }
        body.writeBytes(new byte[] {0x0B, 0x41, 0x7F, 0x21, 1, 0x0B, 0x0B, 0x20, 1, 0x0B});
        byte[] module = LongFunctions.module(body.toByteArray());
        for (int index : new int[] {0, 1, 5, 399, 400, 3_999, 4_000, -1, Integer.MIN_VALUE}) {
            LongFunctions.splits("br_table", module, index);
        }
    }

    @Test
    void armsThatAreLongAndLeftInTheMiddleWithValues() {
        String line = times(
                400,
                i -> "(local.set 1 (i32.add (i32.mul (local.get 1) (i32.const 31)) (i32.xor (local.get 0) (i32.const "
                        + i + "))))");
        String module = "(module (func (export \"f\") (param i32) (result i32) (local i32)"
                + " (i32.const 1000) (block $a (result i32) (i32.const 3) (block $b (result i32)"
                + "  (if (result i32) (i32.and (local.get 0) (i32.const 1)) (then " + line
                + "   (br_if $b (i32.const 17) (i32.and (local.get 0) (i32.const 2))) (drop) " + line
                + " (local.get 1))"
                + "  (else " + line + " (br_if $a (i32.const 18) (i32.and (local.get 0) (i32.const 4))) (drop) " + line
                + "   (if (i32.and (local.get 0) (i32.const 8)) (then " + line + " (return (local.get 1)))) " + line
                + "   (i32.add (local.get 1) (i32.const 1)))))"
                + " (i32.add)) (i32.add) (local.get 1) (i32.add)))";
        for (int way = 0; way < 16; way++) {
            LongFunctions.splits(module, way);
        }
    }

    @Test
    void aLoopOfManyPiecesWithLoopsInside() {
        LongFunctions.splits(
                "(module (memory 1) (func (export \"f\") (param i32) (result i32) (local i32 i32 i32)"
                        + "(loop $outer "
                        + times(
                                150,
                                i -> "(local.set 2 (i32.const 5)) (loop $inner (i32.store offset=" + i
                                        + " (i32.const 16) (i32.add (local.get 1) (i32.load8_u offset=" + i * 3
                                        + " (i32.const 8)))) (local.set 1 (i32.add (local.get 1) (local.get 2)))"
                                        + " (br_if $inner (local.tee 2 (i32.sub (local.get 2) (i32.const 1)))))"
                                        + times(
                                                8,
                                                k ->
                                                        "(local.set 3 (i32.xor (local.get 3) (i32.mul (local.get 1) (i32.const "
                                                                + k + "))))")
                                        + (i == 70
                                                ? "(br_if $outer (i32.and (local.tee 0 (i32.sub (local.get 0) (i32.const 1))) (i32.const 1)))"
                                                : ""))
                        + "(br_if $outer (i32.gt_s (local.tee 0 (i32.sub (local.get 0) (i32.const 1))) (i32.const 0))))"
                        + "(i32.add (local.get 1) (local.get 3))))",
                9);
    }

    @Test
    void callsAndGrowingMemoryBetweenThePieces() {
        LongFunctions.splits(
                "(module (memory 1 40) (table 2 funcref) (type $t (func (param i32 i32) (result i32)))"
                        + "(elem (i32.const 0) $g $h)"
                        + "(func $g (param i32 i32) (result i32) (i32.sub (local.get 0) (local.get 1)))"
                        + "(func $h (param i32 i32) (result i32) (i32.xor (local.get 0) (local.get 1)))"
                        + "(func $f (export \"f\") (param i32) (result i32) (local i32)"
                        + "(if (i32.eqz (local.get 0)) (then (return (i32.const 7))))"
                        + times(
                                400,
                                i ->
                                        "(local.set 1 (call_indirect (type $t) (local.get 1) (call $g (local.get 0) (i32.const "
                                                + i
                                                + ")) (i32.and (i32.const 1) (local.get 1))))"
                                                + (i % 40 == 0
                                                        ? "(drop (memory.grow (i32.const 1))) (i32.store (i32.sub (i32.mul (memory.size) (i32.const 65536)) (i32.const 4)) (local.get 1))"
                                                                + "(local.set 1 (i32.add (local.get 1) (call $f (i32.shr_u (local.get 0) (i32.const 1)))))"
                                                        : ""))
                        + "(i32.add (local.get 1) (memory.size))))",
                3);
    }

    @Test
    void aTrapInAPieceIsATrap() {
        String before = times(3_000, i -> "(local.set 0 (i32.add (local.get 0) (i32.const " + i + ")))");
        LongFunctions.splits(
                "(module (memory 1) (func (export \"f\") (param i32) (result i32)" + before
                        + "(i32.load (i32.const -4)) (drop)" + before + "(local.get 0)))",
                1);
        LongFunctions.splits("(module (func (export \"f\") (param i32) (result i32)" + before + "(unreachable)))", 1);
        LongFunctions.splits(
                "(module (func (export \"f\") (param i32) (result i32)" + before
                        + "(i32.div_s (i32.const 1) (i32.sub (local.get 0) (local.get 0)))" + before + "))",
                1);
    }

    @Test
    void aRecursionThroughPiecesEndsAtACountedCall() throws Exception {
        String line = times(1_500, i -> "(local.set 0 (i32.add (local.get 0) (i32.const " + i % 5 + ")))");
        String deep = times(3, i -> "(if (i32.ne (local.get 0) (i32.const " + i + ")) (then " + line);
        byte[] module = Wat.bytes("(module (global $depth (mut i32) (i32.const 0))"
                + " (func $f (export \"f\") (local i32 i64) (global.set $depth (i32.add (global.get $depth) (i32.const 1)))"
                + line + deep + "(call $f)" + line + "))".repeat(3) + ")"
                + " (func (export \"depth\") (result i32) (global.get $depth)))");
        Outcome plain = OutOfFuelTest.depthReached(CompilingEngine.plain(), module, CpuMeter.unlimited());
        Outcome enough = OutOfFuelTest.depthReached(CompilingEngine.metered(), module, CpuMeter.unlimited());
        Outcome stingy = OutOfFuelTest.depthReached(CompilingEngine.metered(), module, new StingyMeter());
        for (Outcome each : List.of(plain, enough, stingy)) {
            assertTrue(((Outcome.Returned) each).results().getFirst() > 100, each.toString());
        }
        for (int i = 0; i < 4; i++) {
            assertEquals(plain, OutOfFuelTest.depthReached(CompilingEngine.plain(), module, CpuMeter.unlimited()));
            assertEquals(enough, OutOfFuelTest.depthReached(CompilingEngine.metered(), module, CpuMeter.unlimited()));
            assertEquals(stingy, OutOfFuelTest.depthReached(CompilingEngine.metered(), module, new StingyMeter()));
        }
    }

    @Test
    void moreLocalsThanAMethodCanTake() {
        LongFunctions.splits(
                "(module (func (export \"f\") (param i64) (result i64) (local" + " i64".repeat(5_000) + " funcref)"
                        + times(
                                5_000,
                                i -> "(local.set " + (i + 1) + " (i64.add (local.get " + i + ") (i64.const " + i
                                        + ")))")
                        + "(if (i32.eqz (ref.is_null (local.get 5001))) (then (unreachable)))"
                        + "(i64.add (local.get 5000) (local.get 2500))))",
                1);
    }

    @Test
    void tailCallsOutOfPieces() {
        String line = times(2_000, i -> "(local.set 0 (i32.add (local.get 0) (i32.const " + i % 3 + ")))");
        byte[] module = Wat.tailCalling("(module (type $t (func (param i32) (result i32)))"
                + "(func $g (param i32) (result i32) (i32.mul (local.get 0) (i32.const 3)))"
                + "(func (export \"f\") (param i32) (result i32) " + line
                + " (if (i32.and (local.get 0) (i32.const 1)) (then " + line + line
                + " (return (call $g (local.get 0))))) " + line + "(local.get 0)))");
        LongFunctions.splits("tail calls", module, 1);
        LongFunctions.splits("tail calls", module, 2);
    }

    @Test
    void whatIsThrownInAPieceFindsTheLocalsAsTheyWere() {
        // wabt's text format knows no try_table
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int i = 0; i < 2_000; i++) {
            line.writeBytes(new byte[] {0x20, 1, 0x41, (byte) (i % 64), 0x6A, 0x20, 0, 0x73, 0x21, 1});
        }
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        body.writeBytes(new byte[] {1, 1, 0x7F}); // a local
        body.writeBytes(new byte[] {0x02, 0x7F, 0x1F, 0x7F, 1, 0, 0, 0}); // block, try_table: catch tag 0 there
        body.writeBytes(line.toByteArray());
        body.writeBytes(new byte[] {0x20, 0, 0x41, 1, 0x71, 0x04, 0x40, 0x20, 1, 0x08, 0, 0x0B}); // if odd, throw
        body.writeBytes(line.toByteArray());
        body.writeBytes(
                new byte[] {0x20, 0, 0x41, 2, 0x71, 0x04, 0x40, 0x20, 1, 0x10, 1, 0x0B}); // if so, call what throws
        body.writeBytes(line.toByteArray());
        body.writeBytes(new byte[] {0x20, 1, 0x0B, 0x41, 7, 0x6A, 0x0B, 0x20, 1, 0x41, 3, 0x6C, 0x6A, 0x0B});
        byte[] module = LongFunctions.module(body.toByteArray());
        for (int way = 0; way < 4; way++) {
            LongFunctions.splits("try_table", module, way);
        }
    }

    @Test
    void vectorsBetweenPieces() {
        VectorsAtHand.assume();
        LongFunctions.splits(
                "(module (func (export \"f\") (param i32) (result i32) (local v128 v128)"
                        + "(local.set 1 (i32x4.splat (local.get 0))) (local.get 1)"
                        + times(
                                600,
                                i ->
                                        "(i32x4.add (local.get 2)) (local.set 2 (i32x4.add (local.get 1) (i32x4.splat (i32.const "
                                                + i + ")))) (local.tee 1)")
                        + "(i32x4.add (local.get 2)) (i32x4.extract_lane 2)))",
                3);
    }

    @Test
    void randomLongFunctions() {
        for (long seed = 5_000; seed < 5_012; seed++) {
            String text = new RandomModules(new SplittableRandom(seed)).module(25);
            LongFunctions.splits(text, 7, 1L << 40, Double.doubleToRawLongBits(1.5));
        }
    }
}

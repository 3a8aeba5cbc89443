package dev.bulkhead.agent.sandbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulkhead.agent.wasm.ModuleReader;
import dev.bulkhead.agent.wasm.ReaderLimits;
import dev.bulkhead.agent.wasm.WasmFormatException;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Vectors through everything a value can go through: parameters, results, globals, blocks, tables, tail calls, exceptions, loops, memory. */
final class VectorTest {
    @BeforeAll
    static void theJvmHasVectors() {
        VectorsAtHand.assume();
    }

    private static List<Long> results(Instance instance, String function, long... args) {
        Outcome outcome = instance.call(function, args);
        return assertInstanceOf(Outcome.Returned.class, outcome, outcome.toString())
                .results();
    }

    private static List<Long> results(String module, long... args) {
        return results(Wat.instance(module), "f", args);
    }

    private static TrapKind trap(Instance instance, long... args) {
        return assertInstanceOf(Outcome.Trapped.class, instance.call("f", args)).kind();
    }

    @Test
    void passAsParametersAndResultsAmongOthers() {
        assertEquals(
                List.of(7L, 11L, 12L, 21L, 22L, 9L),
                results(
                        "(module (func $g (param i32 v128 f64 v128 i64) (result i64 v128 v128 i32)"
                                + " (local.get 4) (local.get 1) (local.get 3) (local.get 0))"
                                + " (func (export \"f\") (param i32 v128 f64 v128 i64) (result i64 v128 v128 i32)"
                                + " (call $g (local.get 0) (local.get 1) (local.get 2) (local.get 3) (local.get 4))))",
                        9,
                        11,
                        12,
                        0,
                        21,
                        22,
                        7));
    }

    @Test
    void areResultsByThemselvesAndOfIndirectCalls() {
        assertEquals(
                List.of(6L, 8L),
                results(
                        "(module (type $t (func (param v128 v128) (result v128))) (table 1 funcref) (elem (i32.const 0) $g)"
                                + " (func $g (type $t) (i64x2.add (local.get 0) (local.get 1)))"
                                + " (func (export \"f\") (param v128 v128) (result v128)"
                                + " (call_indirect (type $t) (local.get 0) (local.get 1) (i32.const 0))))",
                        1,
                        2,
                        5,
                        6));
    }

    @Test
    void liveInGlobals() {
        Instance instance = Wat.instance("(module (global $g (mut v128) (v128.const i64x2 3 4))"
                + " (func (export \"f\") (param v128) (result v128)"
                + " (global.set $g (i64x2.add (global.get $g) (local.get 0))) (global.get $g)))");
        assertEquals(List.of(4L, 6L), results(instance, "f", 1, 2));
        assertEquals(List.of(5L, 8L), results(instance, "f", 1, 2));
    }

    @Test
    void goThroughBlocksBranchesAndSelect() {
        String module = "(module (func (export \"f\") (param i32 v128 v128) (result v128)"
                + " (block $b (result v128) (br_if $b (local.get 1) (local.get 0)) (drop)"
                + " (select (local.get 2) (local.get 1) (i32.eqz (local.get 0))))))";
        assertEquals(List.of(1L, 2L), results(module, 1, 1, 2, 3, 4));
        assertEquals(List.of(3L, 4L), results(module, 0, 1, 2, 3, 4));
    }

    @Test
    void goThroughTailCalls() {
        byte[] module = Wat.tailCalling("(module (func $g (param i32 v128 v128) (result v128)"
                + " (if (i32.eqz (local.get 0)) (then (return (local.get 1))))"
                + " (return (call $g (i32.sub (local.get 0) (i32.const 1))"
                + " (i64x2.add (local.get 1) (local.get 2)) (local.get 2))))"
                + " (func (export \"f\") (param i32 v128) (result v128)"
                + " (call $g (local.get 0) (v128.const i64x2 0 0) (local.get 1))))");
        Instance instance = Wat.instance(module);
        assertEquals(List.of(100_000L, 200_000L), results(instance, "f", 100_000, 1, 2));
    }

    @Test
    void areThePayloadOfExceptions() {
        // tag 0 carries an i32 and a v128; f throws it with its parameters and catches it in a block that gives both
        byte[] module = Wat.sections(
                new int[] {1, 0x60, 2, 0x7F, 0x7B, 0, 0x60, 2, 0x7F, 0x7B, 2, 0x7F, 0x7B, 0x60, 0, 2, 0x7F, 0x7B},
                new int[] {3, 1},
                new int[] {13, 0, 0},
                new int[] {7, 1, 'f', 0, 0},
                new int[] {
                    10, 0x00, 0x02, 0x02, 0x1F, 0x02, 0x01, 0x00, 0x00, 0x00, 0x20, 0x00, 0x20, 0x01, 0x08, 0x00, 0x0B,
                    0x0B, 0x0B
                });
        assertEquals(List.of(5L, 6L, 7L), results(Wat.instance(module), "f", 5, 6, 7));
    }

    @Test
    void areCarriedOutOfLoopNestsAndAcrossThem() {
        assertEquals(
                List.of(5_000L, 10_000L, 50L),
                results(
                        "(module (func (export \"f\") (param i32 v128) (result v128 i32) (local v128 i32 i32 v128)"
                                + " (loop $a (local.set 4 (i32.const 0))"
                                + "  (loop $b (local.set 2 (i64x2.add (local.get 2) (local.get 1)))"
                                + "   (local.set 4 (i32.add (local.get 4) (i32.const 1)))"
                                + "   (br_if $b (i32.lt_u (local.get 4) (i32.const 100))))"
                                + "  (local.set 3 (i32.add (local.get 3) (i32.const 1)))"
                                + "  (br_if $a (i32.lt_u (local.get 3) (local.get 0))))"
                                + " (local.get 2) (local.get 3)))",
                        50,
                        1,
                        2));
    }

    @Test
    void comeBackFromLongLoopsAsTheyWent() {
        Instance instance = Wat.instance("(module (func (export \"f\") (param i32) (result v128) (local v128)"
                + " (loop $l (local.set 1 (i32x4.add (local.get 1) (i32x4.splat (i32.const 1))))"
                + "  (br_if $l (local.tee 0 (i32.sub (local.get 0) (i32.const 1)))))"
                + " (local.get 1)))");
        long both = 100_000L << 32 | 100_000L;
        long before = instance.usage().fuel();
        assertEquals(List.of(both, both), results(instance, "f", 100_000));
        long once = instance.usage().fuel() - before;
        assertEquals(List.of(both, both), results(instance, "f", 100_000));
        assertEquals(2 * once, instance.usage().fuel() - before, "returning to be called again must cost nothing");
    }

    @Test
    void aLoopOfThemIsKilledLikeAnyOther() {
        Instance instance = Wat.instance(
                "(module (func (export \"f\") (local v128) (loop $l (local.set 0 (v128.not (local.get 0))) (br $l))))",
                new CpuMeter() {
                    @Override
                    public long begin() {
                        return 1_000_000;
                    }

                    @Override
                    public long exhausted(long used) {
                        throw new KillException(KillCause.CALLBACK_LIMIT);
                    }

                    @Override
                    public void look(long used) {}

                    @Override
                    public void end(long used) {}
                });
        assertEquals(new Outcome.Killed(KillCause.CALLBACK_LIMIT, 0), instance.call("f"));
    }

    @Test
    void trapAtTheEdgesOfMemory() {
        Instance load = Wat.instance("(module (memory 1) (func (export \"f\") (param i32) (result v128)"
                + " (v128.load offset=16 (local.get 0))))");
        assertEquals(List.of(0L, 0L), results(load, "f", 65_536 - 32));
        for (int address : new int[] {65_536 - 31, 65_536, -1, -16, -32, Integer.MAX_VALUE, Integer.MIN_VALUE}) {
            assertEquals(TrapKind.MEMORY_OUT_OF_BOUNDS, trap(load, address), "load at " + address);
        }
        Instance store = Wat.instance("(module (memory 1) (func (export \"f\") (param i32)"
                + " (v128.store (local.get 0) (v128.const i64x2 1 2))))");
        assertEquals(List.of(), results(store, "f", 65_536 - 16));
        assertEquals(2, store.memory().readLong(65_536 - 8));
        for (int address : new int[] {65_536 - 15, 65_536, -1, -16, Integer.MIN_VALUE}) {
            assertEquals(TrapKind.MEMORY_OUT_OF_BOUNDS, trap(store, address), "store at " + address);
        }
        Instance empty = Wat.instance("(module (memory 0) (func (export \"f\") (param i32) (result v128)"
                + " (v128.load offset=4294967295 (local.get 0))))");
        assertEquals(TrapKind.MEMORY_OUT_OF_BOUNDS, trap(empty, 1));
    }

    @Test
    void loadAndStorePartsAndLanes() {
        Instance instance = Wat.instance("(module (memory 1) (data (i32.const 8) \"\\ff\\01\\02\\83\\04\\05\\06\\87\")"
                + " (func (export \"extend\") (result v128) (v128.load8x8_s (i32.const 8)))"
                + " (func (export \"splat\") (result v128) (v128.load16_splat (i32.const 8)))"
                + " (func (export \"zero\") (result v128) (v128.load32_zero (i32.const 8)))"
                + " (func (export \"lane\") (param v128) (result v128) (v128.load8_lane 15 (i32.const 8) (local.get 0)))"
                + " (func (export \"put\") (param v128) (v128.store16_lane 1 (i32.const 32) (local.get 0))))");
        assertEquals(List.of(0xFF83_0002_0001_FFFFL, 0xFF87_0006_0005_0004L), results(instance, "extend"));
        assertEquals(List.of(0x01FF_01FF_01FF_01FFL, 0x01FF_01FF_01FF_01FFL), results(instance, "splat"));
        assertEquals(List.of(0x8302_01FFL, 0L), results(instance, "zero"));
        assertEquals(List.of(5L, 0xFF00_0000_0000_0006L), results(instance, "lane", 5, 6));
        results(instance, "put", 0x1234_5678L, 0);
        assertEquals(0x1234, instance.memory().readLong(32));
    }

    @Test
    void shuffleFromOneTheOtherOrBoth() {
        String lanes = "(module (func (export \"f\") (param v128 v128) (result v128)"
                + " (i8x16.shuffle %s (local.get 0) (local.get 1))))";
        long[] args = {0x0706_0504_0302_0100L, 0x0F0E_0D0C_0B0A_0908L, 0x1716_1514_1312_1110L, 0x1F1E_1D1C_1B1A_1918L};
        assertEquals(
                List.of(0x0001_0203_0405_0607L, 0x0F0F_0F0F_0F0F_0F0FL),
                results(lanes.formatted("7 6 5 4 3 2 1 0 15 15 15 15 15 15 15 15"), args));
        assertEquals(
                List.of(0x1011_1213_1415_1617L, 0x1F1F_1F1F_1F1F_1F1FL),
                results(lanes.formatted("23 22 21 20 19 18 17 16 31 31 31 31 31 31 31 31"), args));
        assertEquals(
                List.of(0x1303_1202_1101_1000L, 0x1F0F_1E0E_1D0D_1C0CL),
                results(lanes.formatted("0 16 1 17 2 18 3 19 12 28 13 29 14 30 15 31"), args));
    }

    @Test
    void areRefusedByNameWhereTheHostHasNone() {
        byte[] module = Wat.bytes("(module (func (export \"f\") (param v128)))");
        ReaderLimits without = new ReaderLimits(10, 10, 10, 100, 10, 10, 10, false);
        WasmFormatException refusal = assertThrows(WasmFormatException.class, () -> ModuleReader.read(module, without));
        assertTrue(String.valueOf(refusal.getMessage()).contains("--add-modules jdk.incubator.vector"));
    }

    @Test
    void refuseALaneThatIsNotThere() {
        byte[] module = Wat.bytes("(module (func (param v128) (result i32) (i32x4.extract_lane 3 (local.get 0))))");
        module[module.length - 2] = 4;
        AdmissionException refusal =
                assertThrows(AdmissionException.class, () -> Wat.compile(module, Limits.forMemory(Wat.PLENTY)));
        assertTrue(String.valueOf(refusal.getMessage()).contains("invalid lane index 4"), refusal.getMessage());
    }

    @Test
    void countTwiceAmongTheParametersOfAFunction() {
        String many = "(module (func (param " + "v128 ".repeat(61) + ")))";
        AdmissionException refusal = assertThrows(AdmissionException.class, () -> Wat.compile(many));
        assertTrue(String.valueOf(refusal.getMessage()).contains("a v128 counts twice"), refusal.getMessage());
        Wat.compile("(module (func (export \"f\") (param " + "v128 ".repeat(60) + ") (result v128) (local.get 59)))");
    }
}

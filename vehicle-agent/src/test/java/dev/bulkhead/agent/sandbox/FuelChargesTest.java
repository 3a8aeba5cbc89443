package dev.bulkhead.agent.sandbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulkhead.agent.metering.CpuAccount;
import dev.bulkhead.agent.metering.CpuClock;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What the parts of the language beyond the first version are charged: by their instructions, and by length where they work on many bytes at once. */
final class FuelChargesTest {
    private static Instance instance(byte[] module, CpuMeter meter) {
        return CompilingEngine.metered()
                .compile(
                        module,
                        Limits.forMemory(Wat.PLENTY),
                        (from, name) -> new ImportGate.Ruling.Unknown(Optional.empty()))
                .instantiate(HostImports.builder().build(), Budget.unlimitedCpu(Wat.PLENTY), meter);
    }

    private static long fuel(byte[] module, long... args) {
        Instance instance = instance(module, CpuMeter.unlimited());
        instance.call("warm", 0); // segments and the start function are charged to the first call
        long before = instance.usage().fuel();
        assertInstanceOf(Outcome.Returned.class, instance.call("f", args));
        return instance.usage().fuel() - before;
    }

    private static long fuel(String body, long... args) {
        return fuel(module(body), args);
    }

    private static byte[] module(String body) {
        return Wat.bytes("(module (memory 4) (table 4000 funcref) (elem func $g) (data \"" + "x".repeat(800) + "\")"
                + " (func $g) (func (export \"warm\") (param i32))"
                + " (func (export \"f\") (param i32) " + body + "))");
    }

    private static void assertSlope(long perHundred, String body) {
        long none = fuel(body, 0);
        assertEquals(perHundred, fuel(body, 100) - none, body);
        assertEquals(8 * perHundred, fuel(body, 800) - none, body);
    }

    @Test
    void bulkOperationsOnMemoryCostAnEighthOfTheirBytes() {
        assertEquals(4 + 100, fuel("(memory.fill (i32.const 0) (i32.const 1) (local.get 0))", 800));
        assertEquals(4 + 8_192, fuel("(memory.copy (i32.const 65536) (i32.const 0) (local.get 0))", 65_536));
        assertEquals(4 + 100, fuel("(memory.init 0 (i32.const 0) (i32.const 0) (local.get 0))", 800));
    }

    @Test
    void bulkOperationsOnTablesCostTheirElements() {
        assertSlope(100, "(table.fill 0 (i32.const 0) (ref.null func) (local.get 0))");
        assertSlope(100, "(table.copy (i32.const 1000) (i32.const 0) (local.get 0))");
    }

    @Test
    void growingCostsWhatIsCopied() {
        String table = "(drop (table.grow 0 (ref.null func) (local.get 0)))";
        assertEquals((4_000 + 100) / 2, fuel(table, 100) - 4);
        String memory = "(drop (memory.grow (local.get 0)))";
        assertEquals(3 + 5L * 8_192, fuel(memory, 1));
        assertEquals(3, fuel(memory, 0), "the size is only asked for");
    }

    @Test
    void aBulkOperationThatTrapsCostsNothingForItsLength() {
        byte[] module = module("(memory.fill (i32.const 0) (i32.const 1) (local.get 0))");
        Instance instance = instance(module, CpuMeter.unlimited());
        assertInstanceOf(Outcome.Trapped.class, instance.call("f", -1));
        assertEquals(4, instance.usage().fuel());
    }

    @Test
    void aTailCallCostsACallHoweverManyFollow() {
        String count =
                "(func $count (param i32) (result i32) (if (i32.eqz (local.get 0)) (then (return (i32.const 7))))"
                        + " (return (call $count (i32.sub (local.get 0) (i32.const 1)))))";
        byte[] tail = Wat.tailCalling(
                "(module " + count + "(func (export \"warm\") (param i32)) (export \"f\" (func $count)))");
        byte[] plain =
                Wat.bytes("(module " + count + "(func (export \"warm\") (param i32)) (export \"f\" (func $count)))");
        long one = fuel(tail, 1) - fuel(tail, 0);
        assertEquals(1_000 * one, fuel(tail, 1_000) - fuel(tail, 0));
        assertEquals(1_000_000 * one, fuel(tail, 1_000_000) - fuel(tail, 0), "and the stack does not grow");
        assertEquals(fuel(plain, 1) - 2, fuel(tail, 1), "two entries, each without the return that a tail call saves");
    }

    @Test
    void aTailCallingRingIsStoppedAtTheSameFuelEachTime() {
        byte[] ring = Wat.tailCalling(
                "(module (func $a (export \"f\") (param i32) (result i32) (return (call $b (local.get 0))))"
                        + "(func $b (param i32) (result i32) (return (call $a (local.get 0)))))");
        assertStoppedAtTheSameFuel(ring);
    }

    @Test
    void anExceptionCostsItsInstructionsAndALoopOfThemIsStopped() {
        // loop (block $c (try_table (catch_all $c) (throw 0))) br 0: wabt's text format knows no try_table
        byte[] module = Wat.sections(
                new int[] {1, 0x60, 1, 0x7F, 1, 0x7F, 0x60, 0, 0},
                new int[] {3, 0},
                new int[] {13, 0, 1},
                new int[] {7, 1, 'f', 0, 0},
                new int[] {
                    10, 0, 0x03, 0x40, 0x02, 0x40, 0x1F, 0x40, 1, 2, 0, 0x08, 0, 0x0B, 0x0B, 0x0C, 0, 0x0B, 0x41, 0,
                    0x0B
                });
        assertStoppedAtTheSameFuel(module);
        StingyMeter meter = new StingyMeter();
        Instance stingy = CompilingEngine.metered()
                .compile(
                        onceThrown(),
                        Limits.forMemory(Wat.PLENTY),
                        (from, name) -> new ImportGate.Ruling.Unknown(Optional.empty()))
                .instantiate(HostImports.builder().build(), Budget.unlimitedCpu(Wat.PLENTY), meter);
        assertEquals(new Outcome.Returned(List.of(5L)), stingy.call("f", 9));
        assertEquals(2, stingy.usage().fuel(), "throw and constant; what only structures code is free");
    }

    /** {@code block (try_table (catch_all 0) (throw 0))} and a constant. */
    private static byte[] onceThrown() {
        return Wat.sections(
                new int[] {1, 0x60, 1, 0x7F, 1, 0x7F, 0x60, 0, 0},
                new int[] {3, 0},
                new int[] {13, 0, 1},
                new int[] {7, 1, 'f', 0, 0},
                new int[] {10, 0, 0x02, 0x40, 0x1F, 0x40, 1, 2, 0, 0x08, 0, 0x0B, 0x0B, 0x41, 5, 0x0B});
    }

    private static void assertStoppedAtTheSameFuel(byte[] module) {
        Budget budget = new Budget(0, 10_000_000, 2_000_000, Wat.PLENTY, Budget.OnExceed.KILL);
        long first = 0;
        for (int run = 0; run < 10; run++) {
            CpuAccount account = new CpuAccount(budget, CpuClock.ofFuel(1_000), () -> 0, new StillStrand(), () -> {});
            Instance instance = instance(module, account);
            assertEquals(new Outcome.Killed(KillCause.CALLBACK_LIMIT, 0), instance.call("f", 1));
            first = run == 0 ? instance.usage().fuel() : first;
            assertEquals(first, instance.usage().fuel(), "run " + run);
        }
    }

    /** A module that calls {@code move} with its argument, once or for ever; the host then does what {@code call} says. */
    private static Instance moving(HostCall call, CpuMeter meter) {
        byte[] module = Wat.bytes("""
                (module (import "env" "move" (func $move (param i32))) (memory 4)
                  (func (export "f") (param i32) (call $move (local.get 0)))
                  (func (export "forever") (param i32) (loop $again (call $move (local.get 0)) (br $again))))
                """);
        Signature signature = Signature.parse("(i32)");
        return CompilingEngine.metered()
                .compile(module, Limits.forMemory(Wat.PLENTY), (from, name) -> new ImportGate.Ruling.Known(signature))
                .instantiate(
                        HostImports.builder()
                                .function("env", "move", signature, call)
                                .build(),
                        Budget.unlimitedCpu(Wat.PLENTY),
                        meter);
    }

    private static long moved(HostCall call, int bytes) {
        Instance instance = moving(call, CpuMeter.unlimited());
        assertInstanceOf(Outcome.Returned.class, instance.call("f", bytes));
        return instance.usage().fuel();
    }

    @Test
    void whatTheHostMovesForAGuestCostsAsMuchAsIfItMovedThatItself() {
        byte[] host = new byte[1 << 16];
        List<HostCall> calls = List.of(
                (memory, a) -> memory.read(0, (int) a[0]).length,
                (memory, a) -> {
                    memory.read(0, host, 0, (int) a[0]);
                    return 0;
                },
                (memory, a) -> {
                    memory.write(0, host, 0, (int) a[0]);
                    return 0;
                });
        for (HostCall call : calls) {
            assertEquals(8_192, moved(call, 1 << 16) - moved(call, 0));
            assertEquals(1, moved(call, 8) - moved(call, 0));
        }
    }

    @Test
    void aGuestThatLetsTheHostMoveForEverIsKilledWithinItsLimit() {
        // two milliseconds at a thousand units a microsecond are 2,000,000 units, or 244 times 64 KiB
        Budget budget = new Budget(0, 10_000_000, 2_000_000, Wat.PLENTY, Budget.OnExceed.KILL);
        CpuAccount account = new CpuAccount(budget, CpuClock.ofFuel(1_000), () -> 0, new StillStrand(), () -> {});
        int[] calls = {0};
        Instance instance = moving(
                (memory, a) -> {
                    calls[0]++;
                    memory.read(0, (int) a[0]);
                    return 0;
                },
                account);
        assertEquals(new Outcome.Killed(KillCause.CALLBACK_LIMIT, 0), instance.call("forever", 1 << 16));
        assertTrue(calls[0] > 200 && calls[0] < 300, "called " + calls[0] + " times");
    }

    /** Runs turns where it is called; nothing here waits. */
    private static final class StillStrand implements Strand {
        @Override
        public boolean execute(Runnable turn) {
            turn.run();
            return true;
        }

        @Override
        public void parkUntil(long nanos) {
            throw new AssertionError("nothing is throttled here");
        }

        @Override
        public void interrupt() {}

        @Override
        public void close() {}
    }

    @Test
    void constantsThatComputeAreFreeBecauseTheyRunBeforeTheGuest() {
        // (global i32 (i32.mul (i32.const 6) (i32.const 7))), read by f
        byte[] module = Wat.sections(
                new int[] {1, 0x60, 1, 0x7F, 1, 0x7F},
                new int[] {3, 0},
                new int[] {6, 0x7F, 0, 0x41, 6, 0x41, 7, 0x6C, 0x0B},
                new int[] {7, 1, 'f', 0, 0},
                new int[] {10, 0, 0x23, 0, 0x0B});
        Instance instance = instance(module, CpuMeter.unlimited());
        assertEquals(new Outcome.Returned(List.of(42L)), instance.call("f", 0));
        assertEquals(1, instance.usage().fuel());
    }
}

package dev.bulkhead.agent.sandbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulkhead.agent.metering.CpuAccount;
import dev.bulkhead.agent.metering.CpuClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.function.Executable;

/**
 * Modules that try to take more than they were granted. Each runs on a strand of its own with 20 ms of CPU for a callback, counted in fuel, and must
 * end as expected; afterwards an innocent neighbour in the same process still gives the right answer.
 */
final class HostileModulesTest {
    private static final Budget BUDGET = new Budget(0, 100_000_000, 20_000_000, Wat.PLENTY, Budget.OnExceed.KILL);

    /** What nothing stops must not stop the build: neither the guest nor what reads and compiles it. */
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final List<DynamicTest> tests = new ArrayList<>();

    @TestFactory
    List<DynamicTest> endsAsItMust() {
        endlessLoops();
        recursion();
        memoryBombs();
        badAddresses();
        traps();
        tables();
        bulk();
        hosts();
        large();
        assertTrue(tests.size() >= 40, "corpus of " + tests.size());
        return tests;
    }

    private void endlessLoops() {
        killed("loops for ever", "(loop $l (br $l))");
        killed("loops for ever two deep", "(loop $a (loop $b (br $b)) (br $a))");
        killed("loops for ever outside, briefly inside", "(loop $a (call $leaf) (br $a))");
        killed("loops by br_table", "(loop $l (br_table $l $l (i32.const 0)))");
        killed("loops by br_if", "(loop $l (br_if $l (i32.const 1)))");
        killed("loops through an if", "(loop $l (if (i32.const 1) (then (br $l))))");
        killed("loops out of a block", "(loop $l (block $b (br $b)) (br $l))");
        killed("loops with values on the stack", "(drop (i32.add (i32.const 1) (loop $l (result i32) (br $l))))");
        killed(
                "counts to 2^62",
                "(local $i i64) (loop $l (local.set $i (i64.add (local.get $i) (i64.const 1)))"
                        + " (br_if $l (i64.lt_u (local.get $i) (i64.const 0x4000000000000000))))");
        killed("loops and stores", "(loop $l (i32.store (i32.const 0) (i32.const 1)) (br $l))");
        killed(
                "loops three deep in floating point",
                "(local $x f64) (loop $a (loop $b (loop $c"
                        + " (local.set $x (f64.add (local.get $x) (f64.const 1))) (br $c)) (br $b)) (br $a))");
        killed("calls a host function for ever", "(loop $l (drop (call $echo (i64.const 1))) (br $l))");
        killed("calls indirectly for ever", "(loop $l (call_indirect (type $void) (i32.const 0)) (br $l))");
    }

    private void recursion() {
        trapped("recurses for ever", TrapKind.CALL_STACK_EXHAUSTED, "(call $main)");
        trapped("recurses mutually", TrapKind.CALL_STACK_EXHAUSTED, "(call $other)");
        trapped(
                "recurses through a table",
                TrapKind.CALL_STACK_EXHAUSTED,
                "(call_indirect (type $void) (i32.const 1))");
        trapped(
                "recurses with large frames",
                TrapKind.CALL_STACK_EXHAUSTED,
                "(local " + "i64 ".repeat(2_000) + ") (call $main)");
        trapped("recurses inside a loop", TrapKind.CALL_STACK_EXHAUSTED, "(loop $l (call $main) (br $l))");
        killed("recurses twice each time, not deep", "(call $tree (i32.const 60))");
    }

    private void memoryBombs() {
        returns(
                "grows memory by 4 GiB and is told no",
                "(if (i32.ne (memory.grow (i32.const 65535)) (i32.const -1)) (then unreachable))");
        returns(
                "grows memory until told no",
                "(loop $l (br_if $l (i32.ne (memory.grow (i32.const 512)) (i32.const -1))))");
        returns(
                "grows by more pages than there are",
                "(if (i32.ne (memory.grow (i32.const -1)) (i32.const -1)) (then unreachable))");
        killed("grows memory by nothing for ever", "(loop $l (drop (memory.grow (i32.const 0))) (br $l))");
        returns(
                "grows a table by 4 G and is told no",
                "(if (i32.ne (table.grow (ref.null func) (i32.const -1)) (i32.const -1)) (then unreachable))");
        returns(
                "grows a table until told no",
                "(loop $l (br_if $l (i32.ne (table.grow (ref.null func) (i32.const 3000000)) (i32.const -1))))");
    }

    private void badAddresses() {
        trapped("loads past the end", TrapKind.MEMORY_OUT_OF_BOUNDS, "(drop (i32.load (i32.const 65533)))");
        trapped("loads at -1", TrapKind.MEMORY_OUT_OF_BOUNDS, "(drop (i32.load (i32.const -1)))");
        trapped(
                "loads round the corner",
                TrapKind.MEMORY_OUT_OF_BOUNDS,
                "(local $a i32) (local.set $a (i32.const -4)) (drop (i32.load offset=8 (local.get $a)))");
        trapped(
                "loads with the largest offset",
                TrapKind.MEMORY_OUT_OF_BOUNDS,
                "(drop (i64.load offset=4294967295 (i32.const 1)))");
        trapped(
                "loads with offset 2^31",
                TrapKind.MEMORY_OUT_OF_BOUNDS,
                "(drop (i32.load8_u offset=2147483648 (i32.const -2147483648)))");
        trapped("stores past the end", TrapKind.MEMORY_OUT_OF_BOUNDS, "(i64.store (i32.const 65529) (i64.const 1))");
        trapped("stores bytes at -1", TrapKind.MEMORY_OUT_OF_BOUNDS, "(i32.store8 (i32.const -1) (i32.const 1))");
        trapped(
                "stores with an offset round the corner",
                TrapKind.MEMORY_OUT_OF_BOUNDS,
                "(local $a i32) (local.set $a (i32.const 0x7fffffff)) (i32.store16 offset=0x7fffffff (local.get $a)"
                        + " (i32.const 1))");
    }

    private void traps() {
        trapped("divides by zero", TrapKind.INTEGER_DIVIDE_BY_ZERO, "(drop (i32.div_s (i32.const 1) (i32.const 0)))");
        trapped(
                "divides the least by -1",
                TrapKind.INTEGER_OVERFLOW,
                "(drop (i64.div_s (i64.const 0x8000000000000000) (i64.const -1)))");
        trapped("converts NaN", TrapKind.INVALID_CONVERSION, "(drop (i32.trunc_f64_s (f64.const nan)))");
        trapped("converts 1e30", TrapKind.INTEGER_OVERFLOW, "(drop (i64.trunc_f32_u (f32.const 1e30)))");
        trapped("reaches the unreachable", TrapKind.UNREACHABLE, "unreachable");
    }

    private void tables() {
        trapped("calls past the table", TrapKind.UNDEFINED_ELEMENT, "(call_indirect (type $void) (i32.const 1000000))");
        trapped("calls a null", TrapKind.UNINITIALIZED_ELEMENT, "(call_indirect (type $void) (i32.const 5))");
        trapped(
                "calls with another type",
                TrapKind.INDIRECT_CALL_TYPE_MISMATCH,
                "(drop (call_indirect (result i32) (i32.const 0)))");
        trapped("reads past the table", TrapKind.TABLE_OUT_OF_BOUNDS, "(drop (table.get (i32.const -1)))");
    }

    private void bulk() {
        trapped(
                "fills past the end",
                TrapKind.MEMORY_OUT_OF_BOUNDS,
                "(memory.fill (i32.const 1) (i32.const 0) (i32.const -1))");
        trapped(
                "copies round the corner",
                TrapKind.MEMORY_OUT_OF_BOUNDS,
                "(memory.copy (i32.const -1) (i32.const 0) (i32.const 2))");
        trapped(
                "fills a table past its end",
                TrapKind.TABLE_OUT_OF_BOUNDS,
                "(table.fill (i32.const 1) (ref.null func) (i32.const -1))");
        killed(
                "copies memory for ever",
                "(loop $l (memory.copy (i32.const 0) (i32.const 1) (i32.const 60000)) (br $l))");
        killed("fills a table for ever", "(loop $l (table.fill (i32.const 4) (ref.null func) (i32.const 4)) (br $l))");
    }

    private void hosts() {
        trapped("calls a host function that fails", TrapKind.HOST_FAULT, "(call $fail)");
        test(
                "exits",
                "(call $exit (i32.const 3))",
                outcome -> assertEquals(new Outcome.Killed(KillCause.EXITED, 3), outcome));
        test(
                "never comes back from its start function",
                "nop",
                "(start $spin)",
                outcome -> assertEquals(new Outcome.Killed(KillCause.CALLBACK_LIMIT, 0), outcome));
        test(
                "writes data past its memory",
                "nop",
                "(data (i32.const 65536) \"x\")",
                outcome -> assertEquals(
                        TrapKind.MEMORY_OUT_OF_BOUNDS,
                        assertInstanceOf(Outcome.Trapped.class, outcome).kind()));
        test(
                "writes elements past its table",
                "nop",
                "(elem (i32.const 100) func $leaf)",
                outcome -> assertEquals(
                        TrapKind.TABLE_OUT_OF_BOUNDS,
                        assertInstanceOf(Outcome.Trapped.class, outcome).kind()));
    }

    private void large() {
        returns(
                "is one long row of instructions",
                "(local $x i32) " + "(local.set $x (i32.add (local.get $x) (i32.const 1)))".repeat(3_000));
        returns("has a huge br_table", "(block $a (br_table " + "$a ".repeat(5_000) + "(i32.const 77)))");
        returns("nests 100 blocks", "block ".repeat(100) + "end ".repeat(100));
        refused("nests 100 blocks where 50 are allowed", "block ".repeat(100) + "end ".repeat(100));
        refused("has 20,000 locals", "(local " + "i32 ".repeat(20_000) + ")");
    }

    // how a test is made

    private interface Check {
        void check(Outcome outcome);
    }

    private void killed(String name, String body) {
        test(name, body, outcome -> assertEquals(new Outcome.Killed(KillCause.CALLBACK_LIMIT, 0), outcome));
    }

    private void trapped(String name, TrapKind kind, String body) {
        test(
                name,
                body,
                outcome -> assertEquals(
                        kind, assertInstanceOf(Outcome.Trapped.class, outcome).kind()));
    }

    private void returns(String name, String body) {
        test(name, body, outcome -> assertInstanceOf(Outcome.Returned.class, outcome));
    }

    private void test(String name, String body, Check check) {
        test(name, body, "", check);
    }

    private void test(String name, String body, String more, Check check) {
        add(name, () -> {
            byte[] module = Wat.bytes(module(body, more));
            check.check(onStrand(module, "main"));
            neighbourStillWorks();
        });
    }

    private void refused(String name, String body) {
        add("refused: " + name, () -> {
            byte[] module = Wat.bytes(module(body, ""));
            try {
                Wat.compile(
                        module,
                        new Limits(1 << 20, Wat.PLENTY, 100, 10_000, 50, 1 << 20, 1 << 20, 100_000, 1_000, 100));
                throw new AssertionError("accepted");
            } catch (AdmissionException e) {
                assertTrue(e.getMessage().contains("in main"), e.getMessage());
            }
            neighbourStillWorks();
        });
    }

    private void add(String name, Executable test) {
        tests.add(DynamicTest.dynamicTest(name, () -> assertTimeoutPreemptively(PATIENCE, test)));
    }

    private static String module(String body, String more) {
        return "(module (type $void (func))"
                + "(import \"app\" \"echo\" (func $echo (param i64) (result i64)))"
                + "(import \"app\" \"fail\" (func $fail))"
                + "(import \"app\" \"exit\" (func $exit (param i32)))"
                + "(memory 1) (table 10 funcref) (elem (i32.const 0) func $leaf $main)"
                + "(func $main (export \"main\") " + body + ")"
                + "(func $other (call $main)) (func $leaf) (func $spin (loop $l (br $l)))"
                + "(func $tree (param i32) (if (local.get 0) (then"
                + " (call $tree (i32.sub (local.get 0) (i32.const 1)))"
                + " (call $tree (i32.sub (local.get 0) (i32.const 1))))))"
                + more + ")";
    }

    private static Outcome onStrand(byte[] module, String function) throws Exception {
        CompiledModule compiled = Wat.compile(module, Limits.forMemory(Wat.PLENTY));
        CompletableFuture<Outcome> outcome = new CompletableFuture<>();
        try (PlatformStrand strand = PlatformStrand.open("hostile", 1, Strand.Rank.APP, System::nanoTime)) {
            CpuAccount account = new CpuAccount(BUDGET, CpuClock.ofFuel(1_000), System::nanoTime, strand, () -> {});
            Instance instance = compiled.instantiate(Wat.imports(), BUDGET, account);
            strand.execute(() -> {
                try {
                    outcome.complete(instance.call(function));
                } catch (RuntimeException | Error e) {
                    outcome.completeExceptionally(e);
                }
            });
            return outcome.get();
        }
    }

    private static void neighbourStillWorks() {
        Instance neighbour = Wat.instance("(module (func (export \"f\") (result i32) i32.const 42))");
        assertEquals(new Outcome.Returned(List.of(42L)), neighbour.call("f"));
    }
}

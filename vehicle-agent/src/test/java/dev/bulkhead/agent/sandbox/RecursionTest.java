package dev.bulkhead.agent.sandbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulkhead.agent.codegen.CodeForm;
import dev.bulkhead.agent.codegen.GeneratedModule;
import dev.bulkhead.agent.codegen.ModuleCompiler;
import dev.bulkhead.agent.metering.CpuAccount;
import dev.bulkhead.agent.metering.CpuClock;
import dev.bulkhead.agent.wasm.ModuleReader;
import dev.bulkhead.agent.wasm.ReaderLimits;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Functions that call themselves in line do, cost and trap as if they called. Only the plain engine has none. */
final class RecursionTest {
    private static final int MODULES = 200;
    private static final ReaderLimits LIMITS = new ReaderLimits(100, 100, 100, 10_000, 100, 100, 100, true);

    @Test
    void randomRecursionsBehaveAsInTheInterpreter() {
        for (long seed = 1; seed <= MODULES; seed++) {
            String text = new RandomModules(new SplittableRandom(seed)).recursion();
            RandomModulesTest.behavesAsInTheInterpreter(seed, text);
        }
    }

    @Test
    void randomRecursionsCostTheSameAndGoOnWhenTheFuelRunsOut() {
        for (long seed = 1_000; seed < 1_000 + MODULES; seed++) {
            String text = new RandomModules(new SplittableRandom(seed)).recursion();
            OutOfFuelTest.sameInEachForm(text, Wat.bytes(text), 7, 1L << 40, Double.doubleToRawLongBits(1.5));
        }
    }

    @Test
    void mostOfThemHaveCallsInLine() {
        int longer = 0;
        for (long seed = 1; seed <= MODULES; seed++) {
            byte[] module = Wat.bytes(new RandomModules(new SplittableRandom(seed)).recursion());
            longer += bytes(module, CodeForm.METERED) > 3 * bytes(module, CodeForm.PLAIN) / 2 ? 1 : 0;
        }
        assertTrue(longer > MODULES / 2, longer + " are longer");
    }

    /** Of the functions' own class. */
    private static int bytes(byte[] module, CodeForm form) {
        GeneratedModule generated = ModuleCompiler.compile(ModuleReader.read(module, LIMITS), LIMITS, form);
        return Objects.requireNonNull(generated.classes().get("dev.bulkhead.guest.F0")).length;
    }

    private static final String TREE = "(func $f (param i32) (result i32) (local i32)"
            + " (if (i32.eqz (local.get 0)) (then (return (i32.const 1))))"
            + " (local.set 0 (i32.sub (local.get 0) (i32.const 1)))"
            + " (local.set 1 (call $f (local.get 0)))"
            + " (i32.add (local.get 1) (call $f (local.get 0))))";

    @Test
    void eachNodeOfATreeCostsTheSame() {
        Instance instance = Wat.instance(
                "(module " + TREE + "(func (export \"f\") (param i32) (result i32) (call $f (local.get 0))))");
        long[] fuel = new long[14];
        for (int depth = 0; depth < fuel.length; depth++) {
            long before = instance.usage().fuel();
            assertEquals(new Outcome.Returned(List.of(1L << depth)), instance.call("f", depth));
            fuel[depth] = instance.usage().fuel() - before;
        }
        long function = fuel[0] - 11;
        for (int depth = 0; depth < fuel.length; depth++) {
            assertEquals(11 + function * ((2L << depth) - 1), fuel[depth], "depth " + depth);
        }
    }

    @Test
    void aLocalIsZeroInEachCall() {
        OutOfFuelTest.sameInEachForm(
                "",
                Wat.bytes("(module (func $f (export \"f\") (param i32) (result i64) (local i64 f64 f32)"
                        + " (if (i32.eqz (local.get 0)) (then (return (i64.add (local.get 1) (i64.trunc_f64_s (local.get 2))))))"
                        + " (local.set 1 (i64.add (local.get 1) (i64.extend_i32_s (local.get 0))))"
                        + " (local.set 2 (f64.add (local.get 2) (f64.convert_i64_s (local.get 1))))"
                        + " (local.set 1 (i64.add (local.get 1) (call $f (i32.sub (local.get 0) (i32.const 1)))))"
                        + " (local.set 3 (f32.add (local.get 3) (f32.demote_f64 (local.get 2))))"
                        + " (i64.add (i64.trunc_f32_s (local.get 3)) (local.get 1))))"),
                9);
    }

    @Test
    void memoryThatGrewInACallIsSeenBehindIt() {
        String last = "(i32.sub (i32.shl (memory.size) (i32.const 16)) (i32.const 4))";
        for (String growing : List.of(
                "(drop (memory.grow (i32.const 1)))",
                "(call $more)",
                "(call $byWayOf)",
                "(call_indirect (type $t) (i32.const 0))")) {
            Instance instance =
                    Wat.instance("(module (memory 1) (type $t (func)) (table 1 funcref) (elem (i32.const 0) func $more)"
                            + " (func $more (drop (memory.grow (i32.const 1)))) (func $byWayOf (call $more))"
                            + " (func $f (export \"f\") (param i32) (result i32)"
                            + "  (if (i32.eqz (local.get 0)) (then " + growing + "(return (i32.const 0))))"
                            + "  (i32.store " + last + " (i32.const 99))"
                            + "  (drop (call $f (i32.sub (local.get 0) (i32.const 1))))"
                            + "  (i32.store " + last + " (i32.add (i32.load " + last + ") (i32.const 1)))"
                            + "  (i32.load " + last + ")))");
            for (long depth = 1; depth < 10; depth++) {
                assertEquals(new Outcome.Returned(List.of(depth)), instance.call("f", depth), growing);
            }
        }
    }

    @Test
    void severalResultsComeBackFromEachLevel() {
        OutOfFuelTest.sameInEachForm(
                "",
                Wat.bytes("(module (func $f (param i32) (result i32 i64 f64) (local i64)"
                        + " (if (i32.lt_s (local.get 0) (i32.const 1)) (then (return (i32.const 1) (i64.const 2) (f64.const 3))))"
                        + " (i32.add (i32.const 1) (i32.const 1))"
                        + " (call $f (i32.sub (local.get 0) (i32.const 1))) (i64.trunc_f64_s) (i64.add) (local.set 1) (i32.add)"
                        + " (local.get 1) (f64.convert_i32_s (local.get 0)))"
                        + "(func (export \"f\") (param i32) (result i64) (local i64) (call $f (local.get 0)) (i64.trunc_f64_s) (i64.add)"
                        + " (local.set 1) (i64.extend_i32_s) (i64.add (local.get 1))))"),
                11);
    }

    @Test
    void theStackEndsAtTheSameCall() throws Exception {
        for (String params : List.of("i32", "i32 i64 i64 f64 i64")) {
            String others = params.length() == 3 ? "" : " (i64.const 1) (i64.const 2) (f64.const 3) (i64.const 4)";
            String call = "(call $f (i32.add (local.get 0) (i32.const 1))" + others + ")";
            for (String body : List.of(
                    call,
                    "(if (i32.and (local.get 0) (i32.const 1)) (then " + call + "(return))) " + call + call,
                    "(if (i32.eqz (local.get 0)) (then (return))) " + call + call,
                    "(loop " + call + "(br 0))")) {
                // a loop that does not recurse keeps calls from being written out
                String calling = "(if (i32.const 0) (then (loop)))" + body;
                assertEquals(depth(params, others, calling), depth(params, others, body), body);
            }
        }
    }

    @Test
    void aCallForWhichThereIsNoStackIsNotTestedForItsBaseCase() throws Exception {
        long deepest = depth("i32", "", chaseUntil(Integer.MAX_VALUE));
        assertEquals(deepest, depth("i32", "", chaseUntil(deepest)));
    }

    /** Goes on; the test of a call deeper than that reads outside the memory. */
    private static String chaseUntil(long last) {
        return "(if (i32.load (i32.and (i32.sub (i32.const " + last + ") (local.get 0)) (i32.const 0x80000000)))"
                + " (then (return))) (call $f (i32.add (local.get 0) (i32.const 1)))";
    }

    @Test
    void aTrapInTheTestForTheBaseCaseIsTheFunctionsOwn() {
        String chase = "(memory 1) (func $other) (func $f (param i32) (if (i32.load (local.get 0)) (then (return)))"
                + " (call $f (i32.add (local.get 0) (i32.const 10000))) (call $f (i32.const 0)))";
        for (int from = 0; from < 80_000; from += 10_000) {
            assertEquals(trap("out of bounds memory access", "function 1"), trapped(chase, from));
        }
    }

    @Test
    void treesInMemoryAreGrownCountedAndFelledAsByCalls() {
        String allocate = "(func $new (result i32) (global.set $used (i32.add (global.get $used) (i32.const 8)))"
                + " (global.get $used))";
        String grow = "(func $grow (param i32) (result i32) (local i32) (local.set 1 (call $new))"
                + " (block (br_if 0 (i32.lt_s (local.get 0) (i32.const 1)))"
                + "  (i32.store (local.get 1) (call $grow (local.tee 0 (i32.sub (local.get 0) (i32.const 1)))))"
                + "  (i32.store offset=4 (local.get 1) (call $grow (i32.sub (local.get 0) (i32.and (local.get 1) (i32.const 8)))))"
                + "  (return (local.get 1))) (i32.store (local.get 1) (i32.const 0)) (local.get 1))";
        String count = "(func $count (param i32) (result i32) (local i32 i32)"
                + " (block (br_if 0 (local.tee 1 (i32.load (local.get 0)))) (return (i32.const 1)))"
                + " (loop (local.set 2 (i32.add (i32.add (local.get 2) (call $count (local.get 1))) (i32.const 1)))"
                + "  (br_if 0 (local.tee 1 (i32.load (local.tee 0 (i32.load offset=4 (local.get 0)))))))"
                + " (i32.add (local.get 2) (i32.const 1)))";
        String fell =
                "(func $fell (param i32) (local i32) (block (br_if 0 (i32.eqz (local.tee 1 (i32.load (local.get 0)))))"
                        + "  (call $fell (local.get 1)) (call $fell (i32.load offset=4 (local.get 0))))"
                        + " (i32.store offset=4 (local.get 0) (global.get $free)) (global.set $free (local.get 0)))";
        String run = "(func (export \"f\") (param i32) (result i32) (local i32)"
                + " (local.set 1 (call $grow (local.get 0))) (local.set 0 (call $count (local.get 1))) (call $fell (local.get 1))"
                + " (loop (local.set 0 (i32.add (i32.mul (local.get 0) (i32.const 31)) (global.get $free)))"
                + "  (br_if 0 (global.get $free) (global.set $free (i32.load offset=4 (global.get $free)))))"
                + " (local.get 0))";
        String module =
                "(module (memory 4) (global $used (mut i32) (i32.const 0)) (global $free (mut i32) (i32.const 0))"
                        + allocate + grow + count + fell + run + ")";
        for (int depth = 0; depth < 13; depth++) {
            OutOfFuelTest.sameInEachForm(module, Wat.bytes(module), depth);
        }
    }

    /** How deep it gets, with fuel enough for all of it. */
    private static long depth(String params, String others, String body) throws Exception {
        Instance instance =
                Wat.instance("(module (memory 1) (global $depth (mut i32) (i32.const 0)) (func $f (param " + params
                        + ") (global.set $depth (local.get 0)) " + body + ")"
                        + " (func (export \"f\") (call $f (i32.const 1)" + others + "))"
                        + " (func (export \"burn\") (param i32)"
                        + "  (loop (br_if 0 (local.tee 0 (i32.sub (local.get 0) (i32.const 1))))))"
                        + " (func (export \"depth\") (result i32) (global.get $depth)))");
        instance.call("burn", 1_000_000);
        try (PlatformStrand strand = PlatformStrand.open("deep", 1, Strand.Rank.APP, System::nanoTime)) {
            CompletableFuture<Outcome> reached = new CompletableFuture<>();
            strand.execute(() -> {
                Outcome.Trapped trapped = assertInstanceOf(Outcome.Trapped.class, instance.call("f"));
                assertEquals(TrapKind.CALL_STACK_EXHAUSTED, trapped.kind());
                reached.complete(instance.call("depth"));
            });
            return ((Outcome.Returned) reached.get(60, TimeUnit.SECONDS))
                    .results()
                    .getFirst();
        }
    }

    @Test
    void theThreadsStackLastsLongerThanWhatIsCounted() throws Exception {
        // the frame has room for three calls and each holds but one, because another function calls this one again
        String locals = " i32) (local" + " i64".repeat(60);
        String body =
                "(if (i32.const 0) (then (call $f (i32.const 0)))) (call $g (i32.add (local.get 0) (i32.const 1)))"
                        + " (local.set 60 (local.get 59))) (func $g (param i32) (call $f (local.get 0))";
        String calling = "(if (i32.const 0) (then (loop)))" + body;
        assertEquals(depth(locals, "", calling), depth(locals, "", body));
    }

    @Test
    void aTrapNamesTheFunctionWhoseCodeItIs() {
        String leaf = "(func $leaf (param i32) (if (i32.eqz (local.get 0)) (then (unreachable))))";
        String before =
                "(func $f (param i32) (call $leaf (local.get 0)) (call $f (i32.sub (local.get 0) (i32.const 1))))";
        String after =
                "(func $f (param i32) (call $leaf (i32.const 1)) (if (i32.eqz (local.get 0)) (then (unreachable)))"
                        + " (call $f (i32.sub (local.get 0) (i32.const 1))))";
        for (int depth = 0; depth < 7; depth++) {
            assertEquals(trap("unreachable", "function 1"), trapped(before + leaf, depth));
            assertEquals(trap("unreachable", "function 0"), trapped(after + leaf, depth));
        }
    }

    private static String trap(String message, String where) {
        return message + " in " + where;
    }

    private static String trapped(String functions, int depth) {
        Instance instance =
                Wat.instance("(module " + functions + "(func (export \"run\") (param i32) (call $f (local.get 0))))");
        Outcome.Trapped trapped = assertInstanceOf(Outcome.Trapped.class, instance.call("run", depth));
        return trap(trapped.message(), trapped.where());
    }

    @Test
    void aRecursionWithoutEndIsKilledAtTheSameFuelEachTime() {
        byte[] module = Wat.bytes(
                "(module " + TREE + "(func (export \"f\") (param i32) (result i32) (call $f (local.get 0))))");
        long plain = killed(CompilingEngine.plain(), module);
        long first = killed(CompilingEngine.metered(), module);
        for (int i = 0; i < 20; i++) {
            assertEquals(first, killed(CompilingEngine.metered(), module), "run " + i);
        }
        // what the calls in line cost is the most that is taken between two looks
        assertTrue(Math.abs(first - plain) < 300, first + " against " + plain);
    }

    private static long killed(CompilingEngine engine, byte[] module) {
        Budget budget = new Budget(0, 10_000_000, 2_000_000, Wat.PLENTY, Budget.OnExceed.KILL);
        try (PlatformStrand strand = PlatformStrand.open("killed", 1, Strand.Rank.APP, System::nanoTime)) {
            CpuAccount account = new CpuAccount(budget, CpuClock.ofFuel(1_000), () -> 0, strand, () -> {});
            Instance instance = engine.compile(
                            module,
                            Limits.forMemory(Wat.PLENTY),
                            (from, name) -> new ImportGate.Ruling.Unknown(Optional.empty()))
                    .instantiate(HostImports.builder().build(), budget, account);
            assertEquals(new Outcome.Killed(KillCause.CALLBACK_LIMIT, 0), instance.call("f", 40));
            return instance.usage().fuel();
        }
    }

    @Test
    void aLongRecursiveFunctionIsNotWrittenOut() {
        StringBuilder text = new StringBuilder("(module (memory 1) (func $f (export \"f\") (param i32) (result i32)"
                + " (if (i32.eqz (local.get 0)) (then (return (i32.const 0))))");
        text.append(" (i32.store (i32.const 8) (i32.add (i32.load (i32.const 8)) (local.get 0)))".repeat(60));
        text.append(" (i32.add (i32.load (i32.const 8)) (call $f (i32.sub (local.get 0) (i32.const 1))))))");
        byte[] module = Wat.bytes(text.toString());
        assertTrue(bytes(module, CodeForm.METERED) < bytes(module, CodeForm.PLAIN) + 100);
        OutOfFuelTest.sameInEachForm(text.toString(), module, 12);
    }

    @Test
    void parametersMayBeAsManyAsAFunctionCanHave() {
        for (int params : new int[] {2, 40, 80, 119}) {
            for (int calls = 1; calls <= 3; calls++) {
                String others = " (local.get 2)".repeat(params - 2) + " (i64.load (i32.wrap_i64 (local.get 1)))";
                String call = "(call $g (i32.sub (local.get 0) (i32.const 1))" + others + ")";
                String sum = "(i64.add (i64.const 1) ".repeat(calls - 1) + call;
                OutOfFuelTest.sameInEachForm(
                        params + " parameters, " + calls + " calls",
                        Wat.bytes("(module (memory 1) (data (i32.const 8) \"\\05\") (func $g (param i32"
                                + " i64".repeat(params - 1) + ") (result i64)"
                                + " (if (i32.eqz (local.get 0)) (then (return (local.get " + (params - 1) + "))))"
                                + (" (drop " + call + ")").repeat(calls - 1) + sum + ")".repeat(calls - 1) + ")"
                                + "(func (export \"f\") (param i32) (result i64) (call $g (local.get 0)"
                                + " (i64.const 8)".repeat(params - 1) + ")))"),
                        5);
            }
        }
    }

    @Test
    void aFunctionThatCallsItselfInVeryManyPlacesIsNotWrittenOut() {
        for (int calls : new int[] {20, 400, 1_291}) {
            byte[] module = Wat.bytes("(module (func $f (export \"f\") (if (i32.const 1) (then (return))) "
                    + "(call $f)".repeat(calls) + "))");
            assertTrue(bytes(module, CodeForm.METERED) < 2 * bytes(module, CodeForm.PLAIN), calls + " calls");
        }
    }

    @Test
    void aRecursionWithTailCallsIsNotWrittenOut() {
        byte[] module = Wat.tailCalling("(module (func $f (export \"f\") (param i32) (result i32)"
                + " (if (i32.eqz (local.get 0)) (then (return (i32.const 1))))"
                + " (drop (call $f (i32.const 0))) (return (call $f (i32.sub (local.get 0) (i32.const 1))))))");
        OutOfFuelTest.sameInEachForm("tail calls", module, 1_000);
    }
}

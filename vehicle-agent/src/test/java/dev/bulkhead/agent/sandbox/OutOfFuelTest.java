package dev.bulkhead.agent.sandbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Code that runs out of fuel anywhere, and gets more, gives what it gives when it never runs out, and is charged the same. */
final class OutOfFuelTest {
    private static final int MODULES = 80;

    static Instance instance(CompilingEngine engine, byte[] module, CpuMeter meter) {
        return engine.compile(
                        module,
                        Limits.forMemory(Wat.PLENTY),
                        (from, name) -> new ImportGate.Ruling.Unknown(Optional.empty()))
                .instantiate(HostImports.builder().build(), Budget.unlimitedCpu(Wat.PLENTY), meter);
    }

    private static void sameInEachForm(String text, long... args) {
        sameInEachForm(text, Wat.bytes(text), args);
    }

    static void sameInEachForm(String text, byte[] module, long... args) {
        Instance plenty = instance(CompilingEngine.plain(), module, CpuMeter.unlimited());
        Outcome expected = plenty.call("f", args);
        long fuel = plenty.usage().fuel();
        for (CompilingEngine engine : new CompilingEngine[] {CompilingEngine.plain(), CompilingEngine.metered()}) {
            StingyMeter meter = new StingyMeter();
            Instance stingy = instance(engine, module, meter);
            assertEquals(said(expected), said(stingy.call("f", args)), () -> engine.name() + ": " + text);
            if (expected instanceof Outcome.Returned) {
                assertEquals(fuel, stingy.usage().fuel(), () -> engine.name() + ": " + text);
                assertEquals(fuel, meter.used(), () -> engine.name() + ": " + text);
            }
        }
        Instance unmetered = instance(CompilingEngine.unmetered(), module, CpuMeter.unlimited());
        assertEquals(said(expected), said(unmetered.call("f", args)), () -> "unmetered: " + text);
    }

    private static Object said(Outcome outcome) {
        return outcome instanceof Outcome.Trapped trapped ? trapped.kind() : outcome;
    }

    @Test
    void randomModulesGoOnAsIfNothingHadHappened() {
        for (long seed = 1_000; seed < 1_000 + MODULES; seed++) {
            String text = new RandomModules(new SplittableRandom(seed)).module();
            sameInEachForm(text, 7, 1L << 40, Double.doubleToRawLongBits(1.5));
        }
    }

    @Test
    void valuesOfEachTypeBeneathALoopSurvive() {
        sameInEachForm(
                "(module (func (export \"f\") (param i32) (result i64) (local i32)"
                        + " (i64.const 5) (f32.const 1.5) (f64.const 2.5) (i32.const 7) (local.get 0)"
                        + " (loop $a (local.set 1 (i32.const 9))"
                        + "  (i64.const 11) (loop $b (local.set 1 (i32.sub (local.get 1) (i32.const 1)))"
                        + "   (br_if $b (local.get 1))) (drop)"
                        + "  (local.set 0 (i32.sub (local.get 0) (i32.const 1))) (br_if $a (local.get 0)))"
                        + " (i32.add) (i64.extend_i32_u) (i64.trunc_f64_s (f64.promote_f32 (f32.const 3))) (i64.add)"
                        + " (local.set 1 (i32.wrap_i64)) (i64.trunc_f64_s) (local.set 0 (i32.wrap_i64))"
                        + " (i64.trunc_f32_s) (i64.add) (i64.add (i64.extend_i32_s (i32.add (local.get 0) (local.get 1))))))",
                13);
    }

    @Test
    void loopsAreLeftForEachLabelAround() {
        sameInEachForm(
                "(module (func (export \"f\") (param i32) (result i32) (local i32 i32)"
                        + " (block $out (result i32) (block $three (block $two (block $one"
                        + "  (loop $a (local.set 1 (i32.add (local.get 1) (i32.const 1)))"
                        + "   (loop $b (local.set 2 (i32.add (local.get 2) (i32.const 1)))"
                        + "    (loop $c (br_if $c (i32.lt_u (i32.and (local.tee 2 (i32.add (local.get 2) (i32.const 3))) (i32.const 63)) (i32.const 50)))"
                        + "     (br_table $b $c $a $one $a $two $b $three (i32.rem_u (local.get 2) (i32.const 7))))))"
                        + "   ) (br $out (i32.const 1))) (br $out (i32.add (local.get 1) (i32.const 2)))) (return (local.get 2)))"
                        + " ))",
                3);
    }

    @Test
    void loopsThatCallAndRecurseAreLeftAndEnteredAgain() {
        sameInEachForm(
                "(module (func $f (export \"f\") (param i32) (result i32) (local i32 i32)"
                        + " (if (i32.eqz (local.get 0)) (then (return (i32.const 1))))"
                        + " (loop $a (local.set 1 (i32.add (local.get 1) (call $f (i32.sub (local.get 0) (i32.const 1)))))"
                        + "  (loop $b (br_if $b (i32.and (local.tee 2 (i32.add (local.get 2) (i32.const 1))) (i32.const 15))))"
                        + "  (br_if $a (i32.lt_u (local.get 2) (i32.const 48))))"
                        + " (local.get 1)))",
                6);
    }

    @Test
    void callsOfShortFunctionsArePaidForByTheCaller() {
        String leaf = "(func $leaf (param i32) (result i32) (i32.add (local.get 0) (i32.const 1)))";
        String caller = "(func (export \"f\") (param i32) (result i32) (call $leaf (call $leaf (local.get 0))))";
        sameInEachForm("(module " + leaf + caller + ")", 3);
        assertEquals(1 + 2 * (10 + 3), fuel("(module " + leaf + caller + ")"));
        // what can be reached otherwise pays for itself, which comes to the same
        assertEquals(1 + 2 * (10 + 3), fuel("(module " + leaf + caller + "(export \"leaf\" (func $leaf)))"));
        long segment = 1;
        assertEquals(
                1 + 2 * (10 + 3) + segment,
                fuel("(module (table 1 funcref) (elem (i32.const 0) $leaf)" + leaf + caller + ")"));
        sameInEachForm(
                "(module (memory 1)" + leaf
                        + "(func $touch (param i32) (i32.store (i32.const 8) (call $leaf (local.get 0))))"
                        + "(func $peek (result i32) (i32.load (i32.const 8)))"
                        + "(func (export \"f\") (param i32) (result i32) (local i32)"
                        + " (loop $a (call $touch (local.get 0)) (local.set 1 (i32.add (local.get 1) (call $peek)))"
                        + "  (loop $b (br_if $b (i32.and (local.tee 1 (call $leaf (local.get 1))) (i32.const 7))))"
                        + "  (br_if $a (local.tee 0 (i32.sub (local.get 0) (i32.const 1))))) (local.get 1)))",
                50);
    }

    private static long fuel(String text) {
        Instance instance = Wat.instance(text);
        assertEquals(new Outcome.Returned(List.of(5L)), instance.call("f", 3));
        return instance.usage().fuel();
    }

    @Test
    void aFunctionTooLongForTheJitCallsItsLoops() {
        StringBuilder text =
                new StringBuilder("(module (memory 1) (func (export \"f\") (param i32) (result i32) (local i32 i32)");
        for (int i = 0; i < 60; i++) {
            text.append("(local.set 1 (i32.const 5)) (loop $a (local.set 2 (i32.const 3))"
                    + " (loop $b (i32.store (i32.const 16) (i32.add (local.get 0) (i32.load (i32.const 16))))"
                    + "  (local.set 0 (i32.mul (local.get 0) (i32.const 31)))"
                    + "  (br_if $b (local.tee 2 (i32.sub (local.get 2) (i32.const 1)))))"
                    + " (br_if $a (local.tee 1 (i32.sub (local.get 1) (i32.const 1)))))");
        }
        sameInEachForm(
                text.append("(i32.add (local.get 0) (i32.load (i32.const 16)))))")
                        .toString(),
                7);
    }

    @Test
    void loopsWithParametersAndResultsGoOn() {
        sameInEachForm(
                "(module (func (export \"f\") (param i32) (result i32 i64) (local i32)"
                        + " (i32.const 1) (loop $a (param i32) (result i32) (local.set 1) "
                        + "  (loop $b (result i32) (local.set 0 (i32.sub (local.get 0) (i32.const 1)))"
                        + "   (br_if $b (i32.and (local.get 0) (i32.const 3))) (local.get 0))"
                        + "  (drop) (br_if $a (i32.add (local.get 1) (i32.const 3)) (local.get 0)))"
                        + " (i64.const 77)))",
                40);
    }

    @Test
    void aFunctionWithMoreLocalsThanCanBeHandedOnGoesOn() {
        StringBuilder text = new StringBuilder("(module (func (export \"f\") (param i32) (result i64) (local i64");
        text.append(" i64".repeat(399)).append(")");
        for (int i = 1; i <= 400; i++) {
            text.append("(local.set ")
                    .append(i)
                    .append(" (i64.const ")
                    .append(i)
                    .append("))");
        }
        text.append(
                "(loop $a (local.set 0 (i32.sub (local.get 0) (i32.const 1))) (br_if $a (local.get 0)))(i64.const 0)");
        for (int i = 1; i <= 400; i++) {
            text.append("(local.get ").append(i).append(")(i64.add)");
        }
        sameInEachForm(text.append("))").toString(), 100);
    }

    @Test
    void aRecursionEndsAtACountedCallHoweverOftenTheFuelRanOut() throws Exception {
        byte[] module = Wat.bytes("(module (global $depth (mut i32) (i32.const 0))"
                + " (func $f (param i32 i64 i64 i64) (local i32)"
                + "  (global.set $depth (i32.add (global.get $depth) (i32.const 1)))"
                + "  (loop $a (loop $b (br_if $b (i32.and (local.tee 4 (i32.add (local.get 4) (i32.const 1))) (i32.const 15)))"
                + "    (call $f (local.get 4) (local.get 1) (local.get 2) (local.get 3)) (br $a))))"
                + " (func (export \"f\") (call $f (i32.const 1) (i64.const 1) (i64.const 1) (i64.const 1)))"
                + " (func (export \"depth\") (result i32) (global.get $depth)))");
        Outcome plain = depthReached(CompilingEngine.plain(), module, new StingyMeter());
        Outcome enough = depthReached(CompilingEngine.metered(), module, CpuMeter.unlimited());
        Outcome stingy = depthReached(CompilingEngine.metered(), module, new StingyMeter());
        for (int i = 0; i < 8; i++) {
            assertEquals(plain, depthReached(CompilingEngine.plain(), module, CpuMeter.unlimited()));
            assertEquals(enough, depthReached(CompilingEngine.metered(), module, CpuMeter.unlimited()));
            assertEquals(stingy, depthReached(CompilingEngine.metered(), module, new StingyMeter()));
        }
    }

    /** How deep {@code f} recursed until its stack was used up, as {@code depth} says. */
    static Outcome depthReached(CompilingEngine engine, byte[] module, CpuMeter meter) throws Exception {
        try (PlatformStrand strand = PlatformStrand.open("deep", 1, Strand.Rank.APP, System::nanoTime)) {
            CompletableFuture<Outcome> reached = new CompletableFuture<>();
            strand.execute(() -> {
                Instance instance = instance(engine, module, meter);
                Outcome outcome = instance.call("f");
                reached.complete(said(outcome) == TrapKind.CALL_STACK_EXHAUSTED ? instance.call("depth") : outcome);
            });
            return reached.get();
        }
    }

    @Test
    void theFirstPortionsAreUsedUpInWarmCodeToo() {
        StingyMeter meter = new StingyMeter();
        Instance instance = Wat.instance(
                "(module (func (export \"f\") (param i32) (result i32) (local i32) (loop $a"
                        + " (local.set 1 (i32.add (local.get 1) (local.get 0)))"
                        + " (br_if $a (local.tee 0 (i32.sub (local.get 0) (i32.const 1))))) (local.get 1)))",
                meter);
        assertEquals(new Outcome.Returned(List.of((long) (int) (300_000L * 300_001 / 2))), instance.call("f", 300_000));
        assertTrue(meter.used() > 300_000, "used " + meter.used());
    }

    @Test
    void eachCallbackBeginsWithLittleFuelAndIsHandedMoreAsItGoesOn() {
        List<Integer> left = new ArrayList<>();
        HostImports imports = HostImports.builder()
                .function("app", "look", Signature.parse("()"), (memory, args) -> {
                    left.add(((GuestState) memory).fuel);
                    return 0;
                })
                .build();
        Instance instance = CompilingEngine.metered()
                .compile(
                        Wat.bytes(LOOKS_BEFORE_AND_AFTER_A_LOOP),
                        Limits.forMemory(Wat.PLENTY),
                        (from, name) -> new ImportGate.Ruling.Known(Signature.parse("()")))
                .instantiate(imports, Budget.unlimitedCpu(Wat.PLENTY), CpuMeter.unlimited());
        for (int callback = 0; callback < 3; callback++) {
            left.clear();
            instance.call("f", 10_000_000);
            assertTrue(left.get(0) < 1 << 18, "left before the loop: " + left);
            assertTrue(left.get(1) > 1 << 18, "left after the loop: " + left);
        }
    }

    private static final String LOOKS_BEFORE_AND_AFTER_A_LOOP =
            "(module (import \"app\" \"look\" (func $look)) (func (export \"f\") (param i32) (call $look)"
                    + " (loop $a (br_if $a (local.tee 0 (i32.sub (local.get 0) (i32.const 1))))) (call $look)))";
}

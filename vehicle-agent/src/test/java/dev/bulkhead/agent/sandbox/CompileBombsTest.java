package dev.bulkhead.agent.sandbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulkhead.agent.sandbox.AdmissionException.Reason;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Modules that are all work for the compiler, near and beyond what is accepted. */
@Timeout(60)
final class CompileBombsTest {
    private static void refused(String says, RawModule module) {
        byte[] bytes = module.bytes();
        assertTrue(bytes.length < 16 << 20, "within the module's own limit: " + bytes.length);
        AdmissionException refusal =
                assertThrows(AdmissionException.class, () -> Wat.compile(bytes, Limits.forMemory(Wat.PLENTY)));
        assertEquals(Reason.OVER_LIMIT, refusal.reason(), refusal.getMessage());
        assertTrue(refusal.getMessage().contains(says + " (at offset 0x"), refusal.getMessage());
    }

    @Test
    void refusesAModuleOfCodeUpToTheModulesLimitBeforeCompilingAnyOfIt() {
        refused(
                "function bodies so far of 8500034 bytes, at most 8388608 are accepted",
                new RawModule().plainType().functions(31, body -> body.raw(0).times(500_000, nop -> nop.raw(1))));
    }

    @Test
    void refusesThousandsOfLocalsInEachOfThousandsOfFunctions() {
        refused(
                "functions so far with 1010000 locals, at most 1000000 are accepted",
                new RawModule()
                        .plainType()
                        .functions(50_000, body -> body.raw(1).number(10_000).raw(RawModule.I32)));
    }

    @Test
    void compilesAModuleAtItsLimitOfCode() {
        Limits limits = new Limits(16 << 20, Wat.PLENTY, 50_000, 10_000, 512, 1 << 20, 90_000, 1_000, 10, 10);
        // i32.const 7, drop
        RawModule module = new RawModule()
                .plainType()
                .functions(
                        90,
                        body -> body.raw(0)
                                .times(332, part -> part.raw(0x41, 7, 0x1A))
                                .raw(1, 1));
        assertTrue(Wat.compile(module.bytes(), limits).exportedFunctions().isEmpty());
    }

    @Test
    void refusesAFunctionThatIsMostlyResultsThrownAway() {
        refused(
                "in function 1: 600 operands handed on by calls, branches and blocks, at most 592 are accepted in a"
                        + " function of 176 bytes of code",
                wideCalls(25));
    }

    @Test
    void compilesAFunctionThatPassesOnAsMuchAsAFunctionCanGive() {
        byte[] module = new RawModule()
                .section(1, 1, type -> type.raw(0x60, 0, 120).times(120, result -> result.raw(RawModule.I32)))
                .section(3, part -> part.raw(2, 0, 0))
                .section(
                        10,
                        part -> part.number(2)
                                .sized(body -> body.raw(0, 0x00, RawModule.END))
                                .sized(body -> body.raw(0, 0x10, 0, RawModule.END)))
                .bytes();
        Wat.compile(module, Limits.forMemory(Wat.PLENTY));
    }

    /** A function that gives 120 values, and one that calls it again and again and leaves them lying. */
    private static RawModule wideCalls(int calls) {
        return new RawModule()
                .section(
                        1,
                        part -> part.number(2)
                                .raw(0x60, 0, 0)
                                .raw(0x60, 0, 120)
                                .times(120, result -> result.raw(RawModule.I32)))
                .section(3, part -> part.raw(2, 1, 0))
                .section(
                        10,
                        part -> part.number(2)
                                .sized(body -> body.raw(0, 0x00, RawModule.END))
                                .sized(body -> body.raw(0)
                                        .times(calls, each -> each.raw(0x02, 0x40, 0x10, 0, 0x0C, 0, RawModule.END))
                                        .raw(RawModule.END)));
    }

    /** Stops whoever stores until it is let on. */
    private static final class SlowCache implements CodeCache {
        final CountDownLatch compiled = new CountDownLatch(1);
        final CountDownLatch on = new CountDownLatch(1);
        final AtomicInteger stored = new AtomicInteger();
        volatile boolean slow;

        @Override
        public Optional<StoredClasses> load(String key) {
            return Optional.empty();
        }

        @Override
        public void store(String key, Map<String, byte[]> classes) {
            if (!slow) {
                return;
            }
            stored.incrementAndGet();
            compiled.countDown();
            try {
                assertTrue(on.await(30, TimeUnit.SECONDS));
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    @Test
    void compilesOneModuleAtATimeAndKeepsNoKnownOneWaiting() throws Exception {
        SlowCache cache = new SlowCache();
        CompilingEngine engine = CompilingEngine.metered(cache);
        CompiledModule known =
                compiling(engine, "(module (func (export \"k\")))").get();
        cache.slow = true;
        FutureTask<CompiledModule> first = compiling(engine, "(module (func (export \"a\")))");
        assertTrue(cache.compiled.await(30, TimeUnit.SECONDS));
        FutureTask<CompiledModule> second = compiling(engine, "(module (func (export \"b\")))");
        assertSame(known, compiling(engine, "(module (func (export \"k\")))").get());
        assertThrows(TimeoutException.class, () -> second.get(200, TimeUnit.MILLISECONDS));
        assertEquals(1, cache.stored.get(), "the second is not compiled yet");
        cache.on.countDown();
        assertEquals(List.of("a"), List.copyOf(first.get().exportedFunctions().keySet()));
        assertEquals(List.of("b"), List.copyOf(second.get().exportedFunctions().keySet()));
    }

    private static FutureTask<CompiledModule> compiling(CompilingEngine engine, String text) {
        byte[] module = Wat.bytes(text);
        FutureTask<CompiledModule> task =
                new FutureTask<>(() -> engine.compile(module, Limits.forMemory(Wat.PLENTY), ImportGate.none()));
        Thread.ofPlatform().daemon(true).start(task);
        return task;
    }
}

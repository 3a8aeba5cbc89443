package dev.bulkhead.agent.drill;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulkhead.agent.main.SystemClock;
import dev.bulkhead.agent.main.SystemScheduler;
import dev.bulkhead.agent.sandbox.AdmissionException;
import dev.bulkhead.agent.sandbox.CompiledModule;
import dev.bulkhead.agent.sandbox.CompilingEngine;
import dev.bulkhead.agent.sandbox.Engine;
import dev.bulkhead.agent.sandbox.ImportGate;
import dev.bulkhead.agent.sandbox.Limits;
import dev.bulkhead.agent.sandbox.PlatformStrand;
import dev.bulkhead.agent.sandbox.Strand;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DrillTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final SystemClock clock = new SystemClock();
    private final SystemScheduler scheduler = new SystemScheduler(clock);

    private Strand strand(String name, int depth, Strand.Rank rank) {
        return PlatformStrand.open(name, depth, rank, clock::nanos);
    }

    @AfterEach
    void stopTimers() {
        scheduler.close();
    }

    @Test
    void allRoundsGoWellAndNoThreadIsLeft() throws InterruptedException {
        try (Drill drill = Drill.begin(CompilingEngine.metered(), this::strand, clock, scheduler, Duration.ZERO)) {
            assertTrue(drill.await(PATIENCE));
            assertEquals(Drill.ROUNDS, drill.done());
        }
        assertEquals(Set.of(), threadsLeft());
    }

    @Test
    void closingEndsItInTheMiddleOfARoundOrBeforeTheFirst() throws InterruptedException {
        Drill early = Drill.begin(CompilingEngine.metered(), this::strand, clock, scheduler, Duration.ofHours(1));
        early.close();
        Drill running = Drill.begin(CompilingEngine.metered(), this::strand, clock, scheduler, Duration.ZERO);
        while (running.done() == 0 && !running.await(Duration.ofMillis(1))) {}
        running.close();
        assertTrue(early.await(PATIENCE));
        assertTrue(running.await(PATIENCE));
        assertEquals(0, early.done());
        assertTrue(running.done() < Drill.ROUNDS);
        assertEquals(Set.of(), threadsLeft());
    }

    @Test
    void anEngineThatAdmitsNothingEndsItAndNothingElse() throws InterruptedException {
        Closed engine = new Closed(new AtomicInteger());
        try (Drill drill = Drill.begin(engine, this::strand, clock, scheduler, Duration.ZERO)) {
            assertTrue(drill.await(PATIENCE));
            assertEquals(0, drill.done());
            assertTrue(engine.asked.get() > 0);
        }
        assertEquals(Set.of(), threadsLeft());
    }

    private record Closed(AtomicInteger asked) implements Engine {
        @Override
        public String name() {
            return "closed";
        }

        @Override
        public CompiledModule compile(byte[] module, Limits limits, ImportGate gate) {
            asked.incrementAndGet();
            throw new AdmissionException(AdmissionException.Reason.MALFORMED, "not today");
        }

        @Override
        public CompiledModule compile(byte[] module, String digest, Limits limits, ImportGate gate) {
            return compile(module, limits, gate);
        }
    }

    /** Threads of the practice end by themselves, a moment after it. */
    private static Set<String> threadsLeft() throws InterruptedException {
        Set<String> left = drillThreads();
        for (long end = System.nanoTime() + PATIENCE.toNanos(); !left.isEmpty() && System.nanoTime() < end; ) {
            Thread.sleep(5);
            left = drillThreads();
        }
        return left;
    }

    private static Set<String> drillThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.contains("drill"))
                .collect(Collectors.toSet());
    }
}

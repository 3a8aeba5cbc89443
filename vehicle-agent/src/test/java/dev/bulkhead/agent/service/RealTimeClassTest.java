package dev.bulkhead.agent.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@EnabledOnOs(OS.LINUX)
class RealTimeClassTest {
    /** Of proc(5), {@code stat}, counted behind the name in brackets; of sched(7). */
    private static final int POLICY = 38;

    private static final int ORDINARY = 0;
    private static final int ROUND_ROBIN = 2;

    private final RealTimeClass realTime = new RealTimeClass();

    private Runnable enter() {
        return realTime.enter(() -> {});
    }

    /** Where the process may not, nothing changes. */
    @Test
    void aThreadIsInTheClassUntilItLeavesAndNoOtherIs() throws Exception {
        try (var executor = Executors.newSingleThreadExecutor()) {
            Runnable leave = executor.submit(this::enter).get();
            assertInside(executor.submit(RealTimeClassTest::policy).get());
            assertEquals(ORDINARY, policy());
            executor.submit(leave).get();
            assertEquals(ORDINARY, executor.submit(RealTimeClassTest::policy).get());
        }
    }

    /** Stays in the class, as a guest that loops does, until somebody puts it back; answers its policy then. */
    private int stay(Set<String> callers) throws IOException {
        CompletableFuture<Runnable> leave = new CompletableFuture<>();
        AtomicBoolean back = new AtomicBoolean();
        leave.complete(realTime.enter(() -> {
            callers.add(Thread.currentThread().getName());
            leave.join().run();
            back.set(true);
        }));
        while (!back.get()) {
            Thread.onSpinWait();
        }
        return policy();
    }

    @Test
    void whoStaysTooLongIsPutBackByAThreadThatComesFirstAlsoWhereAllCoresAreTaken() throws Exception {
        Set<String> callers = new ConcurrentSkipListSet<>();
        int cores = Runtime.getRuntime().availableProcessors();
        try (var executor = Executors.newFixedThreadPool(cores)) {
            var policies = executor.invokeAll(Collections.nCopies(cores, () -> stay(callers)));
            for (var policy : policies) {
                assertEquals(ORDINARY, policy.get());
            }
        }
        assertEquals(Set.of("real time is over"), callers);
    }

    private static void assertInside(int policy) {
        assertTrue(policy == ROUND_ROBIN || (policy == ORDINARY && !mayAll()), () -> "policy " + policy);
    }

    @Test
    void whatAThreadInTheClassStartsIsNotInIt() throws Exception {
        try (var executor = Executors.newSingleThreadExecutor();
                var child = Executors.newSingleThreadExecutor()) {
            int started = executor.submit(() -> {
                        enter();
                        return child.submit(RealTimeClassTest::policy).get();
                    })
                    .get();
            assertEquals(ORDINARY, started);
        }
    }

    private static int policy() throws IOException {
        String stat = Files.readString(Path.of("/proc/thread-self/stat"));
        return Integer.parseInt(stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1)[POLICY]);
    }

    /** With CAP_SYS_NICE, bit 23 of the effective capabilities. */
    private static boolean mayAll() {
        try {
            return Files.readAllLines(Path.of("/proc/self/status")).stream()
                    .filter(line -> line.startsWith("CapEff:"))
                    .map(line -> Long.parseUnsignedLong(line.substring(7).strip(), 16))
                    .anyMatch(capabilities -> (capabilities >> 23 & 1) != 0);
        } catch (IOException e) {
            return false;
        }
    }
}

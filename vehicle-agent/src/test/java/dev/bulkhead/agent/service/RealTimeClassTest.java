package dev.bulkhead.agent.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.SynchronousQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@EnabledOnOs(OS.LINUX)
class RealTimeClassTest {
    /** Of proc(5), {@code stat}, counted behind the name in brackets; of sched(7). */
    private static final int POLICY = 38;

    private static final int ORDINARY = 0;
    private static final int ROUND_ROBIN = 2;

    /** Where the process may not, nothing changes. */
    @Test
    void aThreadIsInTheClassUntilItLeavesAndNoOtherIs() throws Exception {
        try (var executor = Executors.newSingleThreadExecutor()) {
            Runnable leave = executor.submit(RealTimeClass::enter).get();
            assertInside(executor.submit(RealTimeClassTest::policy).get());
            assertEquals(ORDINARY, policy());
            executor.submit(leave).get();
            assertEquals(ORDINARY, executor.submit(RealTimeClassTest::policy).get());
        }
    }

    @Test
    void anotherThreadTakesItOutInTheMiddleOfWhatItDoes() throws Exception {
        SynchronousQueue<Runnable> leave = new SynchronousQueue<>();
        CountDownLatch left = new CountDownLatch(1);
        try (var executor = Executors.newSingleThreadExecutor()) {
            var policies = executor.submit(() -> {
                Runnable mine = RealTimeClass.enter();
                int inside = policy();
                leave.put(mine);
                left.await();
                return List.of(inside, policy());
            });
            leave.take().run();
            left.countDown();
            assertInside(policies.get().getFirst());
            assertEquals(ORDINARY, policies.get().getLast());
        }
    }

    private static void assertInside(int policy) {
        assertTrue(policy == ROUND_ROBIN || (policy == ORDINARY && !mayAll()), () -> "policy " + policy);
    }

    @Test
    void whatAThreadInTheClassStartsIsNotInIt() throws Exception {
        try (var executor = Executors.newSingleThreadExecutor();
                var child = Executors.newSingleThreadExecutor()) {
            int started = executor.submit(() -> {
                        RealTimeClass.enter();
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

package dev.bulkhead.agent.sandbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@EnabledOnOs(OS.LINUX)
class PlatformStrandTest {
    /** Of proc(5), {@code stat}, counted behind the name in brackets. */
    private static final int NICE = 16;

    @Test
    void theKernelPutsTheThreadsOfAppsBehindThoseOfTheAgent() throws Exception {
        int agent = niceOf(Strand.Rank.AGENT);
        int app = niceOf(Strand.Rank.APP);
        assertTrue(app > agent, () -> "nice " + app + " for apps, " + agent + " for the agent");
    }

    /** Where the system does not allow it, nothing changes. */
    @Test
    void aStrandIsRankedWithTheAgentsForAWhile() throws Exception {
        int agent = niceOf(Strand.Rank.AGENT);
        int app = niceOf(Strand.Rank.APP);
        try (PlatformStrand strand = PlatformStrand.open("com.acme.fan#1", 2, Strand.Rank.APP, System::nanoTime)) {
            strand.execute(() -> strand.rank(Strand.Rank.AGENT));
            int raised = niceOn(strand);
            assertTrue(raised == agent || raised == app, () -> "nice " + raised);
            strand.execute(() -> strand.rank(Strand.Rank.APP));
            assertEquals(app, niceOn(strand));
        }
    }

    private final List<String> asked = new CopyOnWriteArrayList<>();

    private final AtomicReference<Runnable> late = new AtomicReference<>(() -> {});

    /** Writes down who enters, who leaves, and on whose thread. */
    private Runnable enter(Runnable whenLate) {
        String who = Thread.currentThread().getName();
        asked.add(who + " enters");
        late.set(whenLate);
        return () -> asked.add(who + " leaves on " + Thread.currentThread().getName());
    }

    private PlatformStrand urgent(String name) {
        return PlatformStrand.open(name, 2, Strand.Rank.APP, System::nanoTime, this::enter);
    }

    private static void onStrand(Strand strand, Runnable turn) throws Exception {
        CompletableFuture<Void> done = new CompletableFuture<>();
        strand.execute(() -> {
            turn.run();
            done.complete(null);
        });
        done.get(30, TimeUnit.SECONDS);
    }

    @Test
    void whatIsUrgentIsInRealTimeOnItsOwnThreadAndOnlyAChangeIsAskedFor() throws Exception {
        try (PlatformStrand strand = urgent("fan")) {
            onStrand(strand, () -> {
                strand.rank(Strand.Rank.AGENT);
                strand.rank(Strand.Rank.URGENT);
                strand.rank(Strand.Rank.URGENT);
                strand.rank(Strand.Rank.APP);
                strand.rank(Strand.Rank.APP);
            });
        }
        assertEquals(List.of("fan enters", "fan leaves on fan"), asked);
    }

    @Test
    void whatIsUrgentForTooLongIsPutBackAmongTheAppsInTheMiddleOfATurn() throws Exception {
        int app = niceOf(Strand.Rank.APP);
        CompletableFuture<Void> urgent = new CompletableFuture<>();
        CompletableFuture<Void> over = new CompletableFuture<>();
        CompletableFuture<Integer> nice = new CompletableFuture<>();
        try (PlatformStrand strand = urgent("fan")) {
            strand.execute(() -> {
                strand.rank(Strand.Rank.URGENT);
                urgent.complete(null);
                over.join();
                nice.complete(ownNice());
            });
            urgent.get(30, TimeUnit.SECONDS);
            Thread.ofPlatform().name("guard").start(late.get()).join();
            assertEquals(List.of("fan enters", "fan leaves on guard"), asked);
            over.complete(null);
            assertEquals(app, nice.get(30, TimeUnit.SECONDS));
            onStrand(strand, () -> strand.rank(Strand.Rank.URGENT));
        }
        assertEquals("fan enters", asked.get(2), "it may be urgent again");
    }

    /** The kernel may have given its number to another. */
    @Test
    void aThreadThatHasEndedIsNotTouched() throws Exception {
        CompletableFuture<Thread> thread = new CompletableFuture<>();
        PlatformStrand strand = urgent("fan");
        onStrand(strand, () -> {
            strand.rank(Strand.Rank.URGENT);
            thread.complete(Thread.currentThread());
        });
        strand.close();
        thread.get().join();
        late.get().run();
        assertEquals(List.of("fan enters", "fan leaves on fan"), asked);
    }

    private static int niceOf(Strand.Rank rank) throws Exception {
        try (PlatformStrand strand = PlatformStrand.open("com.acme.fan#1", 1, rank, System::nanoTime)) {
            return niceOn(strand);
        }
    }

    private static int niceOn(Strand strand) throws Exception {
        CompletableFuture<Integer> nice = new CompletableFuture<>();
        strand.execute(() -> nice.complete(ownNice()));
        return nice.get(30, TimeUnit.SECONDS);
    }

    private static int ownNice() {
        try {
            String stat = Files.readString(Path.of("/proc/thread-self/stat"));
            return Integer.parseInt(stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1)[NICE]);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

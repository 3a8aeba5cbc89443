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

    @Test
    void whatIsUrgentIsInRealTimeOnItsOwnThreadAndOnlyAChangeIsAskedFor() throws Exception {
        List<String> asked = new CopyOnWriteArrayList<>();
        RealTime realTime = before -> asked.add(Thread.currentThread().getName() + " " + before);
        try (PlatformStrand strand =
                PlatformStrand.open("com.acme.fan#1", 1, Strand.Rank.APP, System::nanoTime, realTime)) {
            CompletableFuture<Void> ranked = new CompletableFuture<>();
            strand.execute(() -> {
                strand.rank(Strand.Rank.AGENT);
                strand.rank(Strand.Rank.URGENT);
                strand.rank(Strand.Rank.URGENT);
                strand.rank(Strand.Rank.APP);
                strand.rank(Strand.Rank.APP);
                ranked.complete(null);
            });
            ranked.get(30, TimeUnit.SECONDS);
        }
        assertEquals(List.of("com.acme.fan#1 true", "com.acme.fan#1 false"), asked);
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

package dev.bulkhead.agent.main;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulkhead.agent.lifecycle.AppSlot;
import dev.bulkhead.agent.lifecycle.AppView;
import dev.bulkhead.agent.lifecycle.Phase;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The agent is killed with signal 9 in the middle of installs, starts, swaps, rollbacks and removals, again and again over the same data
 * folder; each time what comes up again is whole. {@code -Dbulkhead.kills=100} tries more points.
 */
class KillNineTest {
    private static final int KILLS = Integer.getInteger("bulkhead.kills", 10);
    private static final long SEED = Long.getLong("bulkhead.seed", 7L);

    @TempDir
    Path dir;

    @Test
    void comesBackWholeFromEveryKill() throws Exception {
        SplittableRandom random = new SplittableRandom(SEED);
        for (int kill = 0; kill < KILLS; kill++) {
            String where = "seed " + SEED + ", kill " + kill;
            runAndKill(random.nextLong(), random.nextInt(1, 700), where);
            lookAfter(where);
        }
    }

    private void runAndKill(long seed, int millis, String where) throws Exception {
        Process child = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        KillNineChild.class.getName(),
                        dir.toString(),
                        Long.toString(seed))
                .redirectError(dir.resolve("child.err").toFile())
                .start();
        try (BufferedReader out = child.inputReader(StandardCharsets.UTF_8)) {
            assertEquals("ready", out.readLine(), () -> where + ": " + errors());
            boolean ended = child.waitFor(millis, TimeUnit.MILLISECONDS);
            assertTrue(!ended, () -> where + ": the child ended by itself: " + errors());
        } finally {
            child.destroyForcibly().waitFor();
        }
    }

    private String errors() {
        try {
            return Files.readString(dir.resolve("child.err"));
        } catch (IOException e) {
            return e.toString();
        }
    }

    private void lookAfter(String where) throws IOException {
        TestVehicle.Vendors vendors = TestVehicle.Vendors.keptIn(dir);
        try (TestVehicle vehicle = new TestVehicle(dir, new LoopWorld(), vendors, TestVehicle.POLICY)) {
            vehicle.world.run(20_000);
            List<AppView> apps = vehicle.agent.orchestrator().apps();
            for (AppView app : apps) {
                wanted(app, where, vehicle);
            }
            assertEquals(
                    named(apps), blobs(), where + ": every stored package is named by a slot, and the other way round");
            assertTrue(vehicle.faults.isEmpty(), () -> where + ": " + vehicle.faults);
            assertTrue(!vehicle.audit().isEmpty(), where);
        }
    }

    private static void wanted(AppView app, String where, TestVehicle vehicle) {
        String log = where + ": " + vehicle.log(KillNineChild.APP);
        AppSlot slot = app.slot();
        assertTrue(slot.candidate().isEmpty(), log);
        switch (slot.wish()) {
            case RUN ->
                assertTrue(
                        slot.phase() instanceof Phase.Running || slot.phase() instanceof Phase.Quarantined,
                        slot.phase() + " " + log);
            case STOP ->
                assertTrue(
                        slot.phase() instanceof Phase.Stopped || slot.phase() instanceof Phase.Quarantined,
                        slot.phase() + " " + log);
            case ABSENT -> throw new AssertionError("a removed app is still there: " + log);
        }
    }

    private static Set<String> named(List<AppView> apps) {
        return apps.stream()
                .flatMap(app -> Stream.of(app.slot().active(), app.slot().fallback()))
                .flatMap(Optional::stream)
                .map(edition -> edition.release().packageDigest())
                .collect(Collectors.toSet());
    }

    private Set<String> blobs() throws IOException {
        try (Stream<Path> files = Files.walk(dir.resolve("blobs"))) {
            return files.filter(Files::isRegularFile)
                    .map(file -> file.getFileName().toString())
                    .collect(Collectors.toSet());
        }
    }
}

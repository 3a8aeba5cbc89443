package dev.bulkhead.agent.main;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulkhead.agent.lifecycle.AppSlot;
import dev.bulkhead.agent.lifecycle.AppView;
import dev.bulkhead.agent.lifecycle.Phase;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.spi.ToolProvider;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The agent is killed with signal 9 a hundred times in the middle of installs, starts, swaps, swaps of a pair as one, rollbacks, changes of configuration and
 * removals, again and again over the same data folders; each time what comes up again is whole. Two vehicles at once, because there are
 * two cores; the classes come from an archive that a first run leaves behind, so that a JVM is up in half a second.
 * {@code -Dbulkhead.kills=N} sets the number, {@code -Dbulkhead.seed=N} the seed.
 */
class KillNineTest {
    private static final int KILLS = Integer.getInteger("bulkhead.kills", 100);
    private static final long SEED = Long.getLong("bulkhead.seed", 7L);
    private static final int VEHICLES = 2;

    @TempDir
    Path dir;

    private Path archive = Path.of("");
    private String classPath = "";

    @Test
    void comesBackWholeFromEveryKill() throws Exception {
        archive = dir.resolve("classes.jsa");
        classPath = jars(System.getProperty("java.class.path"));
        Path first = Files.createDirectory(dir.resolve("first"));
        Process whole = child(first, 1, "-XX:ArchiveClassesAtExit=" + archive, "20");
        assertTrue(whole.waitFor(120, TimeUnit.SECONDS), () -> "the first run does not end: " + errors(first));
        assertEquals(0, whole.exitValue(), () -> errors(first));
        try (ExecutorService vehicles = Executors.newFixedThreadPool(VEHICLES)) {
            List<Future<Boolean>> lives = new ArrayList<>();
            for (int i = 0; i < VEHICLES; i++) {
                int number = i;
                Path folder = Files.createDirectory(dir.resolve("vehicle-" + i));
                lives.add(vehicles.submit(() -> live(folder, number)));
            }
            for (Future<Boolean> life : lives) {
                assertTrue(life.get());
            }
        }
    }

    /** An archive of classes takes them from jars only. Test runners leave empty entries, which would mean the working folder. */
    private String jars(String path) {
        ToolProvider jar = ToolProvider.findFirst("jar").orElseThrow();
        List<String> entries = new ArrayList<>();
        for (String entry : path.split(File.pathSeparator, -1)) {
            if (entry.isEmpty()) {
                continue;
            }
            if (Files.isDirectory(Path.of(entry))) {
                String packed =
                        dir.resolve("classes-" + entries.size() + ".jar").toString();
                assertEquals(0, jar.run(System.out, System.err, "--create", "--file", packed, "-C", entry, "."));
                entries.add(packed);
            } else if (Files.exists(Path.of(entry))) {
                entries.add(entry);
            }
        }
        return String.join(File.pathSeparator, entries);
    }

    private boolean live(Path folder, int number) throws Exception {
        SplittableRandom random = new SplittableRandom(SEED + number);
        int kills = (KILLS + number) / VEHICLES;
        for (int kill = 0; kill < kills; kill++) {
            String where = "seed " + SEED + ", vehicle " + number + ", kill " + kill;
            runAndKill(folder, random.nextLong(), random.nextInt(1, 400), where);
            lookAfter(folder, where);
        }
        return true;
    }

    private Process child(Path folder, long seed, String flag, String... more) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                flag,
                "-Xlog:disable",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                classPath,
                KillNineChild.class.getName(),
                folder.toString(),
                Long.toString(seed)));
        command.addAll(List.of(more));
        return new ProcessBuilder(command)
                .redirectError(folder.resolve("child.err").toFile())
                .redirectOutput(more.length == 0 ? ProcessBuilder.Redirect.PIPE : ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    private void runAndKill(Path folder, long seed, int millis, String where) throws Exception {
        Process child = child(folder, seed, "-XX:SharedArchiveFile=" + archive);
        try (BufferedReader out = child.inputReader(StandardCharsets.UTF_8)) {
            assertEquals("ready", out.readLine(), () -> where + ": " + errors(folder));
            boolean ended = child.waitFor(millis, TimeUnit.MILLISECONDS);
            assertTrue(!ended, () -> where + ": the child ended by itself: " + errors(folder));
        } finally {
            child.destroyForcibly().waitFor();
        }
    }

    private static String errors(Path folder) {
        try {
            return Files.readString(folder.resolve("child.err"));
        } catch (IOException e) {
            return e.toString();
        }
    }

    private static void lookAfter(Path folder, String where) throws IOException {
        TestVehicle.Vendors vendors = TestVehicle.Vendors.keptIn(folder);
        try (TestVehicle vehicle = new TestVehicle(folder, new LoopWorld(), vendors, TestVehicle.POLICY)) {
            walledOffWithItsWords(vehicle, where);
            vehicle.world.run(20_000);
            List<AppView> apps = vehicle.agent.orchestrator().apps();
            for (AppView app : apps) {
                wanted(app, where, vehicle);
            }
            wholePair(apps, where, vehicle);
            assertEquals(
                    named(apps),
                    blobs(folder),
                    where + ": every stored package is named by a slot, and the other way round");
            Map<String, String> config = vehicle.agent.orchestrator().configuration(KillNineChild.APP);
            assertEquals(config.get("left"), config.get("right"), where + ": half a change of configuration");
            boolean there = apps.stream().anyMatch(app -> app.slot().appId().equals(KillNineChild.APP));
            assertTrue(there || config.isEmpty(), where + ": the configuration of a removed app is left");
            assertTrue(vehicle.faults.isEmpty(), () -> where + ": " + vehicle.faults);
            assertTrue(!vehicle.audit().isEmpty(), where);
        }
    }

    private static void walledOffWithItsWords(TestVehicle vehicle, String where) {
        vehicle.agent.orchestrator().app(KillNineChild.ILL).ifPresent(ill -> {
            if (ill.slot().phase() instanceof Phase.Quarantined) {
                assertTrue(!ill.lastWords().isEmpty(), () -> where + ": walled off without a word");
            }
        });
    }

    /** Those that are only ever ordered as one are of one release, or both not here. */
    private static void wholePair(List<AppView> apps, String where, TestVehicle vehicle) {
        List<Long> releases = apps.stream()
                .filter(app -> KillNineChild.PAIR.contains(app.slot().appId()))
                .map(app -> app.slot().active().orElseThrow().release().release())
                .toList();
        assertTrue(
                releases.isEmpty()
                        || (releases.size() == 2 && releases.getFirst().equals(releases.getLast())),
                () -> where + ": a pair of releases " + releases + " " + vehicle.reports);
        apps.forEach(app -> assertTrue(
                app.slot().part().isEmpty(),
                () -> where + ": still under way: " + app.slot().part()));
    }

    private static void wanted(AppView app, String where, TestVehicle vehicle) {
        String log = where + ": " + vehicle.log(app.slot().appId());
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

    private static Set<String> blobs(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder.resolve("blobs"))) {
            return files.filter(Files::isRegularFile)
                    .map(file -> file.getFileName().toString())
                    .collect(Collectors.toSet());
        }
    }
}

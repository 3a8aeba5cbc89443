package dev.bulkhead.agent.ota;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulkhead.contract.proto.UpdateState;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Kill −9 of a client that pulls and installs, in a process of its own, on real SQLite and real files. What runs must be
 * the old version whole or the new one whole, and the next start must bring the update to its end.
 */
final class PowerCutTest {
    private static final byte[] OLD = "the old version".getBytes(StandardCharsets.UTF_8);
    private static final SampleFile NEW = new SampleFile(64 * SampleFile.BLOCK_SIZE + 5, 7);

    @TempDir
    Path directory;

    @ParameterizedTest(name = "at {0} number {1}")
    @CsvSource({
        "METADATA_ACCEPTED, 1",
        "BLOCK_WRITTEN, 1",
        "BLOCK_WRITTEN, 30",
        "BLOCK_MARKED, 2",
        "BLOCK_MARKED, 65",
        "FILE_VERIFIED, 1",
        "HANDED_OVER, 1",
        "PART_DISCARDED, 1",
        "OUTCOME_NOTED, 1",
    })
    void killedAtANamedStepTheUpdateEndsWhole(Steps.Step step, int number) throws Exception {
        Files.write(directory.resolve("running"), OLD);
        Process child = start(step.name(), number);
        try (BufferedReader out = child.inputReader()) {
            String line = out.readLine();
            assertEquals("reached", line, () -> "the child ended instead");
        }
        kill(child);
        oldOrNew();
        recover(number);
    }

    @ParameterizedTest(name = "with seed {0}")
    @ValueSource(longs = {1, 2, 3})
    void killedAtARandomMomentTheUpdateEndsWhole(long seed) throws Exception {
        Files.write(directory.resolve("running"), OLD);
        Process child = start("never", 0);
        try (BufferedReader out = child.inputReader()) {
            assertEquals("begun", out.readLine());
            TimeUnit.MILLISECONDS.sleep(new Random(seed).nextInt(400));
            kill(child);
        }
        oldOrNew();
        recover(0);
    }

    @Test
    void aDamagedLedgerIsMovedAsideAndTheWorkGoesOn() throws IOException {
        Files.writeString(directory.resolve("ota.db"), "no database, long enough to be looked at".repeat(60));
        Files.write(directory.resolve("running"), OLD);
        recover(0);
        assertTrue(Files.exists(directory.resolve("ota.db.damaged")));
    }

    @ParameterizedTest
    @CsvSource({
        "UPDATE assignment SET progress = x'ffffff'",
        "UPDATE assignment SET progress = 'done'",
        "UPDATE assignment SET id = 'somebody else'",
        "UPDATE download SET sha256 = '../running'",
        "UPDATE download SET length = -1",
        "UPDATE download SET block_size = 'big'",
        "UPDATE download SET bits = 'all of them'",
        "UPDATE download SET bits = zeroblob(4096) || x'80'"
    })
    void aRowOfTheLedgerThatCannotBeReadIsTakenOutAndTheWorkGoesOn(String damage) throws Exception {
        Files.write(directory.resolve("running"), OLD);
        Process child = start("BLOCK_MARKED", 30);
        try (BufferedReader out = child.inputReader()) {
            assertEquals("reached", out.readLine());
        }
        kill(child);
        try (Connection ledger = DriverManager.getConnection("jdbc:sqlite:" + directory.resolve("ota.db"));
                Statement statement = ledger.createStatement()) {
            assertTrue(statement.executeUpdate(damage) > 0, damage);
        }
        recover(0);
        try (Connection ledger = DriverManager.getConnection("jdbc:sqlite:" + directory.resolve("ota.db"));
                Statement statement = ledger.createStatement()) {
            assertEquals(
                    0,
                    statement.executeUpdate(
                            damage.replaceFirst("UPDATE (\\w+) SET (.*) = (.*)", "DELETE FROM $1 WHERE $2 = $3")));
        }
    }

    @Test
    void aLedgerOfANewerAgentIsRefusedInWords() throws Exception {
        try (Connection newer = DriverManager.getConnection("jdbc:sqlite:" + directory.resolve("ota.db"));
                Statement statement = newer.createStatement()) {
            statement.execute("PRAGMA user_version=99");
        }
        LedgerException refused = assertThrows(LedgerException.class, () -> new Bench(directory));
        assertTrue(String.valueOf(refused.getMessage()).contains("schema 99"));
    }

    private Process start(String step, int number) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Child.class.getName(),
                        directory.toString(),
                        step,
                        Integer.toString(number))
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    private static void kill(Process child) throws InterruptedException {
        child.destroyForcibly();
        assertTrue(child.waitFor(30, TimeUnit.SECONDS), "SIGKILL does not fail");
    }

    private void oldOrNew() throws IOException {
        byte[] running = Files.readAllBytes(directory.resolve("running"));
        assertTrue(
                Arrays.equals(running, OLD) || Arrays.equals(running, NEW.bytes),
                "what runs is neither the old version nor the new one: " + running.length + " bytes");
    }

    private void recover(int killedAfter) throws IOException {
        DurableInstaller installer = new DurableInstaller(directory);
        try (Bench bench = new Bench(directory, installer, new RecordingInstaller(), step -> {})) {
            bench.assign("a1", NEW);
            bench.connected().run(10);
            assertArrayEquals(NEW.bytes, Files.readAllBytes(installer.running()));
            assertEquals(
                    UpdateState.UPDATE_STATE_SUCCEEDED, bench.fleet.last("a1").getState());
            int kept = NEW.layout.count() - bench.fleet.blocksSent;
            assertTrue(killedAfter == 0 || kept >= killedAfter - 1, kept + " blocks were kept of " + killedAfter);
            try (Stream<Path> parts = Files.list(directory.resolve("downloads"))) {
                assertEquals(0, parts.count(), "nothing is left behind");
            }
        }
    }

    /** The process that is killed. */
    static final class Child {
        private Child() {}

        public static void main(String[] args) throws Exception {
            Path directory = Path.of(args[0]);
            int[] left = {Integer.parseInt(args[2])};
            Steps stop = step -> {
                if (step.name().equals(args[1]) && --left[0] == 0) {
                    System.out.println("reached");
                    waitForTheEnd();
                }
            };
            try (Bench bench = new Bench(directory, new DurableInstaller(directory), new RecordingInstaller(), stop)) {
                if (args[1].equals("never")) {
                    System.out.println("begun");
                }
                bench.assign("a1", NEW);
                bench.connected().run(10);
            }
            waitForTheEnd();
        }

        private static void waitForTheEnd() {
            try {
                Thread.sleep(60_000);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}

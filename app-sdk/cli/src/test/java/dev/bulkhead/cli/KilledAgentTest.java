package dev.bulkhead.cli;

import static dev.bulkhead.cli.Patience.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulkhead.agent.ota.Steps;
import dev.bulkhead.server.main.FleetServer;
import dev.bulkhead.server.web.ServerClient;
import dev.bulkhead.server.web.Views;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Kill −9 of a whole agent at ten points of a download and an installation. After the restart the old version runs again,
 * without any network, unless the new one had been taken already; and with the network back the update comes to its end.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class KilledAgentTest {
    private static final String APP = "com.acme.fire";
    private static final Set<Steps.Step> OLD_RUNS_AFTER =
            Set.of(Steps.Step.METADATA_ACCEPTED, Steps.Step.BLOCK_WRITTEN, Steps.Step.BLOCK_MARKED);

    private Path home;
    private Oem oem;
    private FleetServer server;
    private ServerClient client;

    @BeforeAll
    void start(@TempDir Path directory) {
        home = directory;
        oem = Oem.founded(directory);
        server = oem.server();
        client = new ServerClient(URI.create("http://127.0.0.1:" + server.webPort()), server.token());
        client.publish(oem.packed(APP, 1, Oem.QUIET), "acme", oem.role());
        client.publish(oem.packed(APP, 2, Oem.padded(Oem.QUIET, 1_000_000)), "acme", oem.role());
    }

    @AfterAll
    void stop() {
        client.close();
        server.close();
    }

    @ParameterizedTest(name = "{2} ms after {0} number {1}")
    @CsvSource({
        "METADATA_ACCEPTED, 1, 0",
        "BLOCK_WRITTEN, 1, 0",
        "BLOCK_WRITTEN, 5, 0",
        "BLOCK_MARKED, 3, 0",
        "BLOCK_MARKED, 7, 1",
        "FILE_VERIFIED, 1, 0",
        "FILE_VERIFIED, 1, 15",
        "FILE_VERIFIED, 1, 60",
        "HANDED_OVER, 1, 0",
        "HANDED_OVER, 1, 150",
        "PART_DISCARDED, 1, 0",
    })
    void theOldVersionRunsAfterTheRestartAndTheUpdateComesToItsEnd(Steps.Step step, int number, int delayMillis)
            throws Exception {
        String id = "car-" + step.name().toLowerCase(Locale.ROOT).replace('_', '-') + number + "-" + delayMillis;
        installOld(id);
        String order = client.assign(APP, Optional.of("2.0.0"), List.of(id)).id();
        kill(id, step, number, delayMillis);
        try (Wire wire = new Wire(server.mqttPort())) {
            wire.cut();
            try (RoadVehicle car = RoadVehicle.start(oem.keys, id, wire.port(), home.resolve(id), Steps.IGNORED)) {
                await("a version runs", () -> car.running(APP).endsWith(" RUNNING"));
                if (OLD_RUNS_AFTER.contains(step)) {
                    assertEquals("1.0.0 RUNNING", car.running(APP));
                }
                wire.mend();
                Views.Assignment end = client.follow(order, Patience.LONG, Oem.TIME, seen -> {});
                assertEquals("succeeded", end.vehicles().getFirst().state());
                assertEquals("2.0.0 RUNNING", car.running(APP));
            }
        }
    }

    private void installOld(String id) throws IOException {
        try (RoadVehicle car = RoadVehicle.start(oem.keys, id, server.mqttPort(), home.resolve(id), Steps.IGNORED)) {
            await(
                    car.id + " is known",
                    () -> client.vehicles().stream()
                            .anyMatch(each ->
                                    each.id().equals(id) && !each.agentVersion().isEmpty()));
            String order = client.assign(APP, Optional.of("1.0.0"), List.of(id)).id();
            Views.Assignment end = client.follow(order, Patience.LONG, Oem.TIME, seen -> {});
            assertEquals("succeeded", end.vehicles().getFirst().state());
        }
    }

    private void kill(String id, Steps.Step step, int number, int delayMillis) throws Exception {
        Process child = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Child.class.getName(),
                        home.toString(),
                        id,
                        Integer.toString(server.mqttPort()),
                        step.name(),
                        Integer.toString(number),
                        Integer.toString(delayMillis))
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try (BufferedReader out = child.inputReader()) {
            String line = out.readLine();
            while (line != null && !line.equals("reached")) {
                line = out.readLine();
            }
            assertEquals("reached", line, "the child ended instead");
            TimeUnit.MILLISECONDS.sleep(delayMillis);
        } finally {
            child.destroyForcibly();
            assertTrue(child.waitFor(30, TimeUnit.SECONDS));
        }
    }

    /** The process that is killed. */
    static final class Child {
        private Child() {}

        public static void main(String[] args) throws Exception {
            Path home = Path.of(args[0]);
            Steps.Step point = Steps.Step.valueOf(args[3]);
            int[] left = {Integer.parseInt(args[4])};
            boolean stands = args[5].equals("0");
            Steps steps = step -> {
                if (step == point && --left[0] == 0) {
                    System.out.println("reached");
                    if (stands) {
                        waitForTheEnd();
                    }
                }
            };
            try (RoadVehicle car = RoadVehicle.start(
                    Oem.at(home).keys, args[1], Integer.parseInt(args[2]), home.resolve(args[1]), steps)) {
                System.out.println(car.id + " goes");
                waitForTheEnd();
            }
        }

        private static void waitForTheEnd() {
            try {
                Thread.sleep(120_000);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}

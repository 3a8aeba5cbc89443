package dev.bulkhead.server.main;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulkhead.contract.proto.UpdateState;
import dev.bulkhead.security.tuf.ApprovedTarget;
import dev.bulkhead.server.web.ApiToken;
import dev.bulkhead.server.web.ServerClient;
import dev.bulkhead.server.web.Views;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class KilledServerTest {
    @TempDir
    private Path folder;

    /** A server process and where it listens. */
    private record Child(Process process, int mqttPort, int webPort) {
        void kill() throws InterruptedException {
            process.destroyForcibly().waitFor();
        }
    }

    private Child start() throws IOException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        ServerChild.class.getName(),
                        folder.toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        BufferedReader out = process.inputReader();
        for (String line = out.readLine(); line != null; line = out.readLine()) {
            String[] words = line.split(" ", -1);
            if (words[0].equals("READY")) {
                return new Child(process, Integer.parseInt(words[1]), Integer.parseInt(words[2]));
            }
        }
        throw new IOException("the server process ended without a word");
    }

    @Test
    void killedServerKeepsEverythingThatWasAcknowledged() throws Exception {
        Town town = Town.founded(folder);
        byte[] sdvapp = town.packed("acme", "com.acme.kept", "1.0.0", 1, 500_000);
        Child first = start();
        Views.Assignment assignment;
        try (ServerClient client = client(town, first);
                TestVehicle car = TestVehicle.connect(town, first.mqttPort(), "car-kept")) {
            client.publish(sdvapp, "acme", town.role("acme"));
            car.hello();
            assignment = client.assign("com.acme.kept", Optional.empty(), List.of("car-kept"));
            car.pull(car.target("com.acme.kept").orElseThrow(), 0);
            car.report(assignment.id(), UpdateState.UPDATE_STATE_VERIFYING, 1, 2);
        } finally {
            first.kill();
        }
        Child second = start();
        try (ServerClient client = client(town, second);
                TestVehicle car = TestVehicle.connect(town, second.mqttPort(), "car-kept")) {
            assertEquals(
                    "verifying",
                    client.assignment(assignment.id()).vehicles().getFirst().state());
            assertTrue(client.apps().getFirst().releases().getFirst().published());
            ApprovedTarget target = car.target("com.acme.kept").orElseThrow();
            assertEquals(Optional.of(assignment.id()), target.assignment());
            assertArrayEquals(sdvapp, car.pull(target, 0));
        } finally {
            second.kill();
        }
    }

    @Test
    void secondServerOnTheSameDataIsRefusedUntilTheFirstIsKilled() throws Exception {
        Town town = Town.founded(folder);
        Child first = start();
        try {
            AlreadyRunningException refused = assertThrows(AlreadyRunningException.class, town::start);
            assertEquals(first.process().pid(), refused.process().getAsLong());
            assertTrue(String.valueOf(refused.getMessage())
                    .contains("(process " + first.process().pid() + ")"));
        } finally {
            first.kill();
        }
        town.start().close();
        town.start().close();
    }

    private ServerClient client(Town town, Child child) throws IOException {
        return town.client(child.webPort(), ApiToken.read(town.settings().tokenFile()));
    }
}

package dev.bulkhead.cli;

import static dev.bulkhead.cli.Patience.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.bulkhead.agent.ota.Steps;
import dev.bulkhead.server.main.FleetServer;
import dev.bulkhead.server.web.ServerClient;
import dev.bulkhead.server.web.Views;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The fleet orders two apps as one: real server, broker, TLS, metadata, agent and engine. */
final class TogetherOverTheAirTest {
    private static final String LEFT = "com.acme.left";
    private static final String RIGHT = "com.acme.right";

    @TempDir
    Path home;

    private void publish(Oem oem, ServerClient client, int release, String left, String right) {
        for (byte[] sdvapp : List.of(oem.packed(LEFT, release, left), oem.packed(RIGHT, release, right))) {
            assertTrue(client.publish(sdvapp, "acme", oem.role()).published());
        }
    }

    private List<Views.Action> ordered(ServerClient client, String left, String right, String vehicle) {
        Views.Assignment first = client.assign(
                new Views.Order("", LEFT, left, List.of(vehicle), List.of(new Views.Together(RIGHT, right))));
        return Stream.concat(Stream.of(first.id()), first.companions().stream().map(Views.Companion::id))
                .map(id -> client.follow(id, Patience.LONG, Oem.TIME, seen -> {}))
                .peek(end -> assertTrue(end.finished(), () -> "it stands at " + end))
                .map(end -> end.vehicles().getFirst())
                .toList();
    }

    @Test
    void bothComeInOrBothGoBackAndTheCulpritIsNamed() throws IOException {
        Oem oem = Oem.founded(home);
        try (FleetServer server = oem.server();
                ServerClient client =
                        new ServerClient(URI.create("http://127.0.0.1:" + server.webPort()), server.token());
                RoadVehicle car = RoadVehicle.start(
                        oem.keys, "car-pair", server.mqttPort(), home.resolve("car-pair"), Steps.IGNORED)) {
            await("it says hello", () -> !client.vehicles().isEmpty());
            publish(oem, client, 1, Oem.QUIET, Oem.QUIET);
            List<Views.Action> good = ordered(client, "1.0.0", "1.0.0", car.id);
            assertEquals(List.of("succeeded", "succeeded"), states(good), good::toString);
            assertEquals("1.0.0 RUNNING", car.running(LEFT));
            assertEquals("1.0.0 RUNNING", car.running(RIGHT));

            publish(oem, client, 2, Oem.QUIET, Oem.BROKEN);
            List<Views.Action> broken = ordered(client, "2.0.0", "2.0.0", car.id);
            assertEquals(List.of("rolled-back", "rolled-back"), states(broken), broken::toString);
            for (Views.Action action : broken) {
                assertTrue(action.detail().contains("unreachable"), action::toString);
            }
            assertTrue(broken.getFirst().detail().contains(RIGHT), broken::toString);
            await(
                    "both are back",
                    () -> car.running(LEFT).equals("1.0.0 RUNNING")
                            && car.running(RIGHT).equals("1.0.0 RUNNING"));
            publish(oem, client, 3, Oem.QUIET, Oem.QUIET);
            assertEquals(List.of("succeeded", "succeeded"), states(ordered(client, "3.0.0", "3.0.0", car.id)));
            publish(oem, client, 4, Oem.QUIET, Oem.QUIET);
            List<Views.Action> half = ordered(client, "3.0.0", "4.0.0", car.id);
            assertEquals(List.of("succeeded", "succeeded"), states(half), half::toString);
            assertEquals("3.0.0 RUNNING", car.running(LEFT), "it ran already");
            assertEquals("4.0.0 RUNNING", car.running(RIGHT));
            assertEquals(List.of(), client.incidents(100));
        }
    }

    private static List<String> states(List<Views.Action> actions) {
        return actions.stream().map(Views.Action::state).toList();
    }

    @Test
    void theCommandWaitsForAllOfThem() throws IOException {
        Oem oem = Oem.founded(home);
        try (FleetServer server = oem.server();
                ServerClient client =
                        new ServerClient(URI.create("http://127.0.0.1:" + server.webPort()), server.token());
                RoadVehicle car = RoadVehicle.start(
                        oem.keys, "car-cli", server.mqttPort(), home.resolve("car-cli"), Steps.IGNORED)) {
            await("it says hello", () -> !client.vehicles().isEmpty());
            publish(oem, client, 1, Oem.QUIET, Oem.QUIET);
            JsonNode both = Terminal.ask(
                    "assign",
                    LEFT,
                    "--with",
                    RIGHT + ":1.0.0",
                    "--vehicle",
                    car.id,
                    "--wait",
                    "60",
                    "--server",
                    "http://127.0.0.1:" + server.webPort(),
                    "--home",
                    home.toString());
            assertEquals(2, both.size(), both::toString);
            for (JsonNode each : both) {
                assertTrue(each.path("finished").asBoolean(), both::toString);
                assertEquals(
                        "succeeded", each.path("vehicles").get(0).path("state").asText(), both::toString);
                assertEquals(1, each.path("companions").size(), both::toString);
            }
        }
    }
}

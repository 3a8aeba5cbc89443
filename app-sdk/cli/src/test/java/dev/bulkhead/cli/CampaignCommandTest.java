package dev.bulkhead.cli;

import static dev.bulkhead.cli.Patience.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.bulkhead.agent.ota.Steps;
import dev.bulkhead.server.main.FleetServer;
import dev.bulkhead.server.web.ServerClient;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an operator types for a release that goes out in groups, on a real server with two real vehicles. */
final class CampaignCommandTest {
    private static final String APP = "com.acme.wipers";

    private Path home;
    private Oem oem;
    private FleetServer server;
    private ServerClient client;

    @BeforeEach
    void start(@TempDir Path directory) {
        home = directory;
        oem = Oem.founded(directory);
        server = oem.server();
        client = new ServerClient(URI.create("http://127.0.0.1:" + server.webPort()), server.token());
    }

    @AfterEach
    void stop() {
        client.close();
        server.close();
    }

    private Terminal.Screen type(int status, String... words) {
        List<String> line = new ArrayList<>(List.of("campaign"));
        line.addAll(List.of(words));
        line.addAll(List.of("--home", home.toString(), "--server", "http://127.0.0.1:" + server.webPort()));
        return Terminal.type(line.toArray(String[]::new)).expect(status);
    }

    private RoadVehicle vehicle(String id) throws IOException {
        RoadVehicle vehicle = RoadVehicle.start(oem.keys, id, server.mqttPort(), home.resolve(id), Steps.IGNORED);
        await(
                id + " says hello",
                () -> client.vehicles().stream()
                        .anyMatch(each ->
                                each.id().equals(id) && !each.agentVersion().isEmpty()));
        return vehicle;
    }

    private void publish(int release, String module) {
        assertTrue(client.publish(oem.packed(APP, release, module), "acme", oem.role())
                .published());
    }

    @Test
    void goodReleaseReachesAllAndABrokenOneTheFirstGroupOnly() throws Exception {
        try (RoadVehicle one = vehicle("car-1");
                RoadVehicle two = vehicle("car-2")) {
            publish(1, Oem.QUIET);
            Terminal.Screen good =
                    type(0, "start", APP, "--group", "50%", "--group", "rest", "--id", "good", "--watch");
            assertTrue(good.out().startsWith("campaign good: com.acme.wipers 1.0.0, completed"), good.out());
            assertTrue(good.err().contains("group 1 of 2: 1 of 1 succeeded"), good.err());
            assertTrue(good.err().contains("group 2 of 2: 1 of 1 succeeded, 0 failed; completed"), good.err());
            assertEquals("1.0.0 RUNNING", one.running(APP));
            assertEquals("1.0.0 RUNNING", two.running(APP));

            publish(2, Oem.BROKEN);
            Terminal.Screen broken =
                    type(1, "start", APP, "2.0.0", "--group", "50%", "--group", "rest", "--id", "broken", "--watch");
            assertTrue(broken.err().contains("1 of 1 vehicles that have ended failed in group 1"), broken.err());
            assertTrue(broken.err().contains("try: bulkhead status broken"), broken.err());
            JsonNode paused = type(0, "show", "broken", "--json").document();
            assertEquals("paused", paused.path("phase").asText());
            assertEquals(1, paused.at("/groups/1/pending").asInt());

            JsonNode back = type(0, "roll-back", "broken", "--watch", "--json").document();
            assertEquals("rolled-back", back.path("phase").asText());
            JsonNode list = type(0, "list", "--json").document();
            assertEquals(2, list.size());
            assertTrue(type(0, "list").out().contains("rolled-back"));
            Terminal.Screen over = type(5, "pause", "broken");
            assertTrue(over.err().contains("campaign broken is rolled-back, there is nothing to pause"), over.err());
        }
    }

    private void publish(String app, int release, String module) {
        assertTrue(client.publish(oem.packed(app, release, module), "acme", oem.role())
                .published());
    }

    @Test
    void twoAppsGoOutAsOneAndOneThatIsBrokenTakesBothBack() throws Exception {
        String washers = "com.acme.washers";
        try (RoadVehicle one = vehicle("car-1");
                RoadVehicle two = vehicle("car-2")) {
            publish(APP, 1, Oem.QUIET);
            publish(washers, 1, Oem.QUIET);
            Terminal.Screen good = type(
                    0,
                    "start",
                    APP,
                    "--with",
                    washers + ":1.0.0",
                    "--group",
                    "50%",
                    "--group",
                    "rest",
                    "--id",
                    "good",
                    "--watch");
            assertTrue(
                    good.out()
                            .startsWith("campaign good: com.acme.wipers 1.0.0 with com.acme.washers 1.0.0, completed"),
                    good.out());
            for (RoadVehicle car : List.of(one, two)) {
                assertEquals("1.0.0 RUNNING", car.running(APP));
                assertEquals("1.0.0 RUNNING", car.running(washers));
            }

            publish(APP, 2, Oem.QUIET);
            publish(washers, 2, Oem.BROKEN);
            Terminal.Screen broken = type(
                    1,
                    "start",
                    APP,
                    "2.0.0",
                    "--with",
                    washers,
                    "--group",
                    "50%",
                    "--group",
                    "rest",
                    "--id",
                    "broken",
                    "--on-error",
                    "roll-back",
                    "--watch");
            assertTrue(broken.err().contains("1 of 1 vehicles that have ended failed in group 1"), broken.err());
            JsonNode back = type(0, "show", "broken", "--json").document();
            assertEquals("rolled-back", back.path("phase").asText());
            assertEquals(washers, back.at("/companions/0/appId").asText());
            assertEquals("2.0.0", back.at("/companions/0/version").asText());
            assertEquals(0, back.at("/groups/0/succeeded").asInt());
            for (RoadVehicle car : List.of(one, two)) {
                assertEquals("1.0.0 RUNNING", car.running(APP), "all or none");
                assertEquals("1.0.0 RUNNING", car.running(washers));
            }
            assertTrue(type(0, "list").out().contains("com.acme.wipers + 1"));

            assertTrue(type(5, "start", APP, "--with", APP, "--group", "rest")
                    .err()
                    .contains("named once only"));
            assertTrue(type(5, "start", APP, "--with", washers, "--fallback", "3.0.0", "--group", "rest")
                    .err()
                    .contains("a fallback for each or for none"));
            assertTrue(type(5, "start", APP, "--with", "com.acme.none", "--group", "rest")
                    .err()
                    .contains("unknown-release"));
        }
        assertTrue(type(2, "start", APP, "--with", "a:b:c:d", "--group", "rest")
                .err()
                .contains("is no app, with its version and fallback"));
        assertTrue(type(2, "start", APP, "--with", ":1.0.0", "--group", "rest")
                .err()
                .contains("--with :1.0.0"));
    }

    @Test
    void pausesAndResumesAndSaysWhatIsWrong() throws IOException {
        String app = "com.acme.parked";
        try (RoadVehicle car = vehicle("car-1")) {
            assertEquals("", car.running(app));
            assertTrue(client.publish(oem.packed(app, 1, Oem.QUIET), "acme", oem.role())
                    .published());
            Terminal.Screen begun = type(
                    0,
                    "start",
                    app,
                    "--group",
                    "region=mars",
                    "--group",
                    "rest",
                    "--id",
                    "slow",
                    "--soak",
                    "1h",
                    "--errors",
                    "5%",
                    "--success",
                    "90");
            assertTrue(begun.out().startsWith("campaign slow: com.acme.parked 1.0.0, running"), begun.out());
            assertEquals(
                    "paused",
                    type(0, "pause", "slow", "--json").document().path("phase").asText());
            assertEquals(
                    "running",
                    type(0, "resume", "slow", "--json").document().path("phase").asText());
            assertTrue(
                    type(1, "show", "slow", "--watch", "--timeout", "1ms").err().contains("is still"));
        }
        assertTrue(type(1, "show", "none").err().contains("bulkhead campaign list"));
        assertTrue(type(5, "start", "com.acme.nothing", "--group", "rest").err().contains("unknown-release"));
    }

    @Test
    void refusesAPlanThatMakesNoSense() {
        assertTrue(type(2, "start", APP).err().contains("--group"));
        assertTrue(type(2, "start", APP, "--group", "half").err().contains("is neither a share (10%)"));
        assertTrue(type(2, "start", APP, "--group", "101%").err().contains("--group 101%"));
        assertTrue(type(2, "start", APP, "--group", "0%").err().contains("takes no vehicle"));
        assertTrue(
                type(2, "start", APP, "--group", "rest", "--group", "5%").err().contains("behind it"));
        assertTrue(type(2, "start", APP, "--group", "=eu").err().contains("is no NAME=VALUE"));
        assertTrue(type(2, "start", APP, "--group", "rest", "--success", "most")
                .err()
                .contains("--success most"));
        assertTrue(
                type(2, "start", APP, "--group", "rest", "--soak", "soon").err().contains("--soak soon"));
        assertTrue(type(5, "start", APP, "--group", "rest", "--on-error", "weep")
                .err()
                .contains("allowed are pause and roll-back"));
        assertTrue(Terminal.type("campaign").expect(2).err().contains("start, list, show"));
    }
}

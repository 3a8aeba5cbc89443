package dev.bulkhead.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.bulkhead.agent.main.RoadAgent;
import dev.bulkhead.agent.main.RoadSettings;
import dev.bulkhead.hal.signal.DefaultVehicle;
import dev.bulkhead.security.policy.ActuatorFrames;
import dev.bulkhead.security.policy.VehiclePolicy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code bulkhead swap A B}: two apps of a running agent change as one, or neither does. */
final class SwapTogetherTest {
    private static final String LEFT = "com.acme.left";
    private static final String RIGHT = "com.acme.right";
    private static final String POLICY = """
            [policy]
            name = "bench"
            epoch = 1
            developer-mode = true
            [[vendor]]
            name = "acme"
            prefix = "com.acme"
            ceiling = []
            """;

    @TempDir
    Path home;

    private RoadAgent agent(Oem oem) {
        return RoadAgent.start(new RoadSettings(
                "car-1",
                "test",
                home.resolve("vehicles/car-1"),
                DefaultVehicle.tree(),
                VehiclePolicy.parse(POLICY, "policy.toml"),
                ActuatorFrames.none(),
                oem.keys.trustAnchor(),
                List.of(),
                Optional.empty(),
                0,
                Optional.empty()));
    }

    private String pack(Oem oem, String app, int release, String wat) throws IOException {
        return Files.write(home.resolve(app + "-" + release + ".sdvapp"), oem.packed(app, release, wat))
                .toString();
    }

    private String waits(Oem oem, String app) throws IOException {
        byte[] content = oem.packedFor("Vehicle.Speed == 0", app, 1, Oem.QUIET);
        return Files.write(home.resolve(app + "-waits.sdvapp"), content).toString();
    }

    private JsonNode asked(String... words) {
        List<String> all = new ArrayList<>(List.of(words));
        all.addAll(List.of("--home", home.toString()));
        return Terminal.ask(all.toArray(String[]::new));
    }

    private static void heldWithBoth(JsonNode app) {
        JsonNode company = app.path("ensemble");
        assertTrue(company.path("ensemble").asText().startsWith("swap com.acme.left"), app::toString);
        assertEquals("held", company.path("stage").asText());
        assertEquals("Vehicle.Speed == 0", company.path("why").asText());
        assertEquals(List.of(LEFT, RIGHT), company.path("members").findValuesAsText("app"));
        assertEquals(List.of("held", "held"), company.path("members").findValuesAsText("stage"));
        assertEquals(List.of("1.0.0", "1.0.0"), company.path("members").findValuesAsText("version"));
    }

    @Test
    void whileTheyChangeItIsShownWithWhomAndHowFarTheyAre() throws IOException {
        Oem oem = Oem.founded(home.resolve("oem"));
        try (RoadAgent agent = agent(oem)) {
            var signals = agent.agent().signals();
            int speed = signals.tree().find("Vehicle.Speed").orElseThrow().id();
            signals.publish(speed, 50.0, 1);
            asked("swap", "--no-wait", waits(oem, LEFT), waits(oem, RIGHT));

            asked("ps").forEach(SwapTogetherTest::heldWithBoth);
            asked("top", "--count", "1").forEach(SwapTogetherTest::heldWithBoth);
            heldWithBoth(asked("inspect", RIGHT).path("status"));
            String table =
                    Terminal.type("ps", "--home", home.toString()).expect(0).out();
            assertTrue(table.contains("AS ONE") && table.contains(": held, 2 of 2 are, Vehicle.Speed == 0"), table);
            String report = Terminal.type("inspect", LEFT, "--home", home.toString())
                    .expect(0)
                    .out();
            assertTrue(report.contains(RIGHT + " 1.0.0 held"), report);

            Patience.await("both are in", () -> {
                signals.publish(speed, 0.0, agent.agent().uptimeNanos());
                JsonNode apps = asked("ps");
                return apps.findValuesAsText("state").equals(List.of("RUNNING", "RUNNING"))
                        && apps.findValues("ensemble").stream().allMatch(JsonNode::isNull);
            });
            assertFalse(
                    Terminal.type("ps", "--home", home.toString()).out().contains("AS ONE"), "no column without need");
        }
    }

    @Test
    void bothComeInOrNeither() throws IOException {
        Oem oem = Oem.founded(home.resolve("oem"));
        try (RoadAgent agent = agent(oem)) {
            JsonNode first = Terminal.ask(
                    "swap", "--home", home.toString(), pack(oem, LEFT, 1, Oem.QUIET), pack(oem, RIGHT, 1, Oem.QUIET));
            assertEquals(2, first.size(), first::toString);
            assertEquals("proven", first.get(0).path("update").asText(), first::toString);
            assertEquals("1.0.0", first.get(1).path("version").asText(), first::toString);

            Terminal.Screen broken = Terminal.type(
                    "swap", "--home", home.toString(), pack(oem, LEFT, 2, Oem.QUIET), pack(oem, RIGHT, 2, Oem.BROKEN));
            broken.expect(1);
            assertTrue(broken.out().contains(LEFT + " 1.0.0: RUNNING, rolled-back"), broken::toString);
            assertTrue(broken.out().contains(RIGHT + " 1.0.0: RUNNING, rolled-back"), broken::toString);

            Terminal.Screen refused = Terminal.type(
                    "swap", "--home", home.toString(), pack(oem, LEFT, 3, Oem.QUIET), pack(oem, LEFT, 4, Oem.QUIET));
            assertTrue(refused.status() != 0, refused::toString);
            assertTrue(refused.err().contains(LEFT + " is there twice"), refused::toString);
            assertTrue(agent.agent()
                    .orchestrator()
                    .app(LEFT)
                    .orElseThrow()
                    .slot()
                    .part()
                    .isEmpty());
        }
    }
}

package dev.bulkhead.cli.sim;

import static dev.bulkhead.cli.Terminal.ask;
import static dev.bulkhead.cli.Terminal.type;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.bulkhead.cli.Main;
import dev.bulkhead.security.policy.VehiclePolicy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The same seed gives the same hashes, in this process and in another one. */
class SimRunCommandTest {
    private static final String CLIMATE = Path.of("..", "examples", "climate").toString();
    private static final String ADVISOR =
            Path.of("..", "examples", "speedadvisor").toString();
    private static final String[] RUN = {"sim", "run", "--seed", "7", "--seconds", "20", CLIMATE, ADVISOR};

    @Test
    void givesTheSameHashesInTwoSeparateRuns() throws Exception {
        JsonNode here = ask(RUN);
        assertTrue(here.get("passed").asBoolean(), here.toString());
        JsonNode there = inAnotherProcess();
        assertEquals(here.get("traceHash"), there.get("traceHash"));
        assertEquals(here.get("auditRoot"), there.get("auditRoot"));
        assertEquals(20, here.get("virtualSeconds").asDouble(), 0.001);
        assertTrue(here.get("wallSeconds").asDouble() > 0);
    }

    @Test
    void refusesATimeThatIsNone() {
        type("sim", "run", "--seconds", "0", CLIMATE).expect(2);
    }

    @Test
    void warnsOfAPolicyThatSpeaksOfWhatTheVehicleHasNot(@TempDir Path folder) throws IOException {
        String toml = VehiclePolicy.demoToml() + """

                [[rule]]
                name = "no misspelt brakes"
                app = "*"
                lines = ["deny signal Vehicle.Chasis.Brake.** actuate", "deny can can9 tx 100"]
                """;
        Path policy = Files.writeString(folder.resolve("p.toml"), toml);
        String err = type("sim", "run", "--seconds", "1", "--policy", policy.toString(), CLIMATE)
                .err();
        assertTrue(err.contains("Vehicle.Chasis.Brake.** matches no signal of this vehicle"), err);
        assertTrue(err.contains("did you mean Vehicle.Chassis.Brake.**?"), err);
        assertTrue(err.contains("this vehicle has no bus can9, only can0"), err);
        assertEquals(
                1,
                err.lines().filter(line -> line.contains("matches no signal")).count(),
                err);
    }

    @Test
    void anAppThatWasNamedAndWalledOffDoesNotPass() {
        String hog = Path.of("..", "examples", "hog").toString();
        var screen = type("sim", "run", "--seconds", "60", hog);
        screen.expect(1);
        assertTrue(screen.out().contains("ended QUARANTINED: "), screen.out());
        assertTrue(screen.out().contains("FAILED: 60 virtual seconds"), screen.out());
    }

    private static JsonNode inAnotherProcess() throws IOException, InterruptedException {
        List<String> words = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName()));
        words.addAll(List.of(RUN));
        words.add("--json");
        Process child = new ProcessBuilder(words)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try (var out = child.getInputStream()) {
            JsonNode document = new ObjectMapper().readTree(out);
            assertTrue(child.waitFor(60, TimeUnit.SECONDS));
            assertEquals(0, child.exitValue());
            return document;
        } finally {
            child.destroyForcibly();
        }
    }
}

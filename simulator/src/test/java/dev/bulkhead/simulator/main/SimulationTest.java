package dev.bulkhead.simulator.main;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulkhead.agent.sandbox.CompilingEngine;
import dev.bulkhead.contract.pack.AppPackage;
import dev.bulkhead.contract.pack.PackageWriter;
import dev.bulkhead.security.policy.VehiclePolicy;
import dev.bulkhead.simulator.dynamics.DriveCycle;
import dev.bulkhead.simulator.main.SimulationResult.AppOutcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SimulationTest {
    private static final Path EXAMPLES = Path.of("..", "app-sdk", "examples");
    private static final List<String> APPS = List.of("climate", "speedadvisor", "ecocoach", "hog", "brakejack");

    @TempDir
    Path folder;

    @Test
    void theSameSeedGivesTheSameRunByteForByte() throws IOException {
        SimulationResult first = run("first", 7);
        SimulationResult second = run("second", 7);
        assertEquals(first.traceHash(), second.traceHash());
        assertEquals(first.auditRoot(), second.auditRoot());
        assertEquals(first, second);
    }

    @Test
    void anotherSeedGivesAnotherRun() throws IOException {
        assertNotEquals(run("first", 7).auditRoot(), run("second", 8).auditRoot());
    }

    @Test
    void theExampleAppsDoTheirWorkAndTheHogIsWalledOff() throws IOException {
        SimulationResult result = run("story", 1);
        assertTrue(result.passed(), () -> result.breaches() + " " + result.apps());
        assertEquals("RUNNING", app(result, "com.polar.climate").state());
        assertEquals("RUNNING", app(result, "com.verkehr.speedadvisor").state());
        assertEquals("RUNNING", app(result, "com.verdant.ecocoach").state());
        assertEquals("QUARANTINED", app(result, "com.mallory.hog").state());
        assertTrue(app(result, "com.mallory.brakejack").denied() > 0);
    }

    private static AppOutcome app(SimulationResult result, String appId) {
        return result.apps().stream()
                .filter(app -> app.app().equals(appId))
                .findFirst()
                .orElseThrow();
    }

    private SimulationResult run(String name, long seed) throws IOException {
        Path data = Files.createDirectory(folder.resolve(name));
        return new Simulation(new SimulationSettings(
                        seed,
                        60,
                        DriveCycle.udds(),
                        5,
                        VehiclePolicy.demo(),
                        APPS.stream().map(SimulationTest::example).toList(),
                        CompilingEngine.metered(),
                        data))
                .run(second -> {});
    }

    private static AppPackage example(String name) {
        try (Stream<Path> files = Files.list(EXAMPLES.resolve(name))) {
            byte[] toml = Files.readAllBytes(EXAMPLES.resolve(name).resolve("app.toml"));
            Path module = files.filter(file -> file.toString().endsWith(".wasm"))
                    .sorted()
                    .findFirst()
                    .orElseThrow();
            return PackageWriter.assemble(toml, Files.readAllBytes(module), Optional.empty(), Optional.empty());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}

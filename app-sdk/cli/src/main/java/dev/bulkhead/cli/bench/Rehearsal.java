package dev.bulkhead.cli.bench;

import dev.bulkhead.agent.lifecycle.SupervisorEvent;
import dev.bulkhead.agent.main.RoadAgent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/**
 * What the launcher runs once to learn which classes an agent needs: an agent in a folder of its own installs, restarts and replaces apps, is
 * closed and started anew. Nothing listens outside loopback and nothing is left behind.
 */
final class Rehearsal {
    private static final int BULK = 40_000;

    private Rehearsal() {}

    public static void main(String[] args) throws IOException {
        Path folder = Files.createTempDirectory("bulkhead-rehearsal");
        try {
            FirstCallBench.startAndRestart(folder.resolve("code"), BulkyModule.ofBytes(BULK));
            play(folder, new BenchPrograms(folder).wasm("relay"));
        } finally {
            try (Stream<Path> files = Files.walk(folder)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }

    private static void play(Path folder, byte[] relay) throws IOException {
        try (BenchVehicle vehicle = BenchVehicle.in(folder)) {
            vehicle.install(BenchVehicle.manifest("relay", 1, "0s"), relay);
            vehicle.install(
                    BenchVehicle.manifest("bulk", 1, "0s").replace("256KiB", "2MiB"), BulkyModule.ofBytes(BULK));
            vehicle.await("relay", 1);
            vehicle.await("bulk", 1);
            vehicle.agent()
                    .agent()
                    .orchestrator()
                    .apply(
                            BenchVehicle.appId("relay"),
                            new SupervisorEvent.Operator(SupervisorEvent.Verb.RESTART, "rehearsal"));
            vehicle.await("relay", 1);
            vehicle.install(BenchVehicle.manifest("relay", 2, "20ms"), StartBench.distinct(relay, 2));
            vehicle.await("relay", 2);
        }
        try (RoadAgent agent = BenchVehicle.again(folder)) {
            BenchVehicle.await(agent, () -> BenchVehicle.running(agent, BenchVehicle.appId("relay"), 2), "the apps");
        }
    }
}

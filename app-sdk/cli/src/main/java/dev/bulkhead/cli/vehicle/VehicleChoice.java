package dev.bulkhead.cli.vehicle;

import dev.bulkhead.cli.home.Home;
import dev.bulkhead.cli.output.CommandFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Which vehicle's agent a command talks to, to be mixed in: {@code --vehicle}, or the only one there is. */
public final class VehicleChoice {
    @Mixin
    private Home home;

    @Option(
            names = "--vehicle",
            paramLabel = "ID",
            description = "The vehicle whose agent is asked (default: the only one in the home folder).")
    private @Nullable String vehicleId;

    public AgentLink open() {
        return AgentLink.open(folder());
    }

    /** The agent's data folder. */
    public Path folder() {
        return home.vehicle(vehicleId == null ? onlyOne() : vehicleId);
    }

    private String onlyOne() {
        List<String> vehicles = vehicles();
        if (vehicles.size() == 1) {
            return vehicles.getFirst();
        }
        throw vehicles.isEmpty()
                ? CommandFailure.unreachable(
                        "no vehicle has run in " + home.folder(),
                        "bulkhead agent --vehicle ID, or choose another --home")
                : CommandFailure.usage("which vehicle? " + String.join(", ", vehicles), "--vehicle ID");
    }

    private List<String> vehicles() {
        if (!Files.isDirectory(home.vehicles())) {
            return List.of();
        }
        try (var entries = Files.list(home.vehicles())) {
            return entries.map(entry -> entry.getFileName().toString()).sorted().toList();
        } catch (IOException e) {
            throw CommandFailure.failed(home.vehicles() + " cannot be listed: " + e.getMessage(), "");
        }
    }
}

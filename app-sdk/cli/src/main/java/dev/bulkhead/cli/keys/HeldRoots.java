package dev.bulkhead.cli.keys;

import dev.bulkhead.server.web.Views;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What the vehicles of a dry run hold, to be mixed in. */
final class HeldRoots {
    @Mixin
    private FleetList fleet;

    @Option(names = "--vehicle", paramLabel = "ID=VERSION", description = "Root version a vehicle holds; may repeat.")
    private @Nullable Map<String, Long> vehicles;

    /** What each vehicle last said it believes; one that never said so is not known to follow. */
    Map<String, Long> of(String repository) {
        Map<String, Long> versions = new TreeMap<>();
        for (Views.Vehicle vehicle : fleet.vehicles()) {
            versions.put(vehicle.id(), repository.equals("image") ? vehicle.imageRoot() : vehicle.directorRoot());
        }
        if (vehicles != null) {
            versions.putAll(vehicles);
        }
        return versions;
    }
}

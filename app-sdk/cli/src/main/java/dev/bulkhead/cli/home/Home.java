package dev.bulkhead.cli.home;

import java.nio.file.Path;
import picocli.CommandLine.Option;

/**
 * The folder with everything the command keeps, to be mixed in: {@code keys/}, {@code server/}, {@code vehicles/ID/}.
 * {@code --home}, else {@code BULKHEAD_HOME}, else {@code .bulkhead} in the working directory.
 */
public final class Home {
    @Option(
            names = "--home",
            paramLabel = "DIR",
            defaultValue = "${env:BULKHEAD_HOME:-.bulkhead}",
            description = "Folder with keys, server and vehicles (default: $BULKHEAD_HOME or .bulkhead).")
    private Path folder = Path.of(".bulkhead");

    public Path folder() {
        return folder;
    }

    public Path keys() {
        return folder.resolve("keys");
    }

    public Path server() {
        return folder.resolve("server");
    }

    /** Where the vehicle of that id keeps its store, blobs and log. */
    public Path vehicle(String vehicleId) {
        return folder.resolve("vehicles").resolve(vehicleId);
    }

    public Path vehicles() {
        return folder.resolve("vehicles");
    }
}

package dev.bulkhead.cli.audit;

import dev.bulkhead.cli.output.FileFault;
import dev.bulkhead.cli.output.Output;
import dev.bulkhead.cli.vehicle.VehicleChoice;
import dev.bulkhead.security.audit.note.NoteKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code bulkhead audit key}: what a verifier needs besides the log. */
@Command(
        name = "key",
        mixinStandardHelpOptions = true,
        description = "Print the public key that verifies a vehicle's log (C2SP signed-note verifier key).",
        footer = {"", "Examples:", "  bulkhead audit key --out vehicle.vkey"})
final class KeyCommand implements Runnable {
    @Mixin
    private VehicleChoice vehicle;

    @Mixin
    private Output output;

    @Option(names = "--out", paramLabel = "FILE", description = "Write it here instead.")
    private @Nullable Path target;

    @Override
    public void run() {
        NoteKey key = new VehicleLog(vehicle.folder()).key();
        if (target != null) {
            write(target, key);
        }
        if (output.isJson()) {
            output.json(Map.of("origin", key.name(), "key", key.toString()));
        } else {
            output.line(target == null ? key.toString() : "the key of " + key.name() + " is in " + target);
        }
    }

    private static void write(Path file, NoteKey key) {
        try {
            Files.writeString(file, key + "\n");
        } catch (IOException e) {
            throw FileFault.unwritten(file, e, "check the path");
        }
    }
}

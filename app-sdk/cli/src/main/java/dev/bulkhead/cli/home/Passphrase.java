package dev.bulkhead.cli.home;

import dev.bulkhead.cli.output.CommandFailure;
import dev.bulkhead.cli.output.FileFault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The passphrase of key files, to be mixed in: from a file or the environment, never from the command line itself. */
public final class Passphrase {
    private static final int MOST_CHARACTERS = 1024;

    @Option(
            names = "--passphrase-file",
            paramLabel = "FILE",
            description =
                    "Read the keys' passphrase from the first line of FILE (default: $BULKHEAD_PASSPHRASE, else none).")
    private @Nullable Path file;

    /** The passphrase, or empty when keys are not encrypted. */
    public Optional<char[]> read() {
        if (file == null) {
            return Optional.ofNullable(System.getenv("BULKHEAD_PASSPHRASE")).map(String::toCharArray);
        }
        try (var lines = Files.lines(file)) {
            String first = lines.findFirst().orElse("");
            if (first.isEmpty() || first.length() > MOST_CHARACTERS) {
                throw CommandFailure.usage(
                        file + ": wants a passphrase of 1 to " + MOST_CHARACTERS + " characters in its first line", "");
            }
            return Optional.of(first.toCharArray());
        } catch (IOException e) {
            throw FileFault.unread(file, e, "check the path and its mode");
        }
    }
}

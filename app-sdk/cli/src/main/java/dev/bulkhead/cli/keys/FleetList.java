package dev.bulkhead.cli.keys;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.bulkhead.cli.output.CommandFailure;
import dev.bulkhead.server.web.Views;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/**
 * The fleet as it was when somebody wrote it down, to be mixed in: keys are best changed on a machine without a network, so
 * a file is carried there.
 */
final class FleetList {
    private static final long MOST_BYTES = 256L << 20;

    /** How Jackson names another place of a text it was given. */
    private static final Pattern PARSER_SOURCE = Pattern.compile("\\[Source: [^;\\]]*; (line: \\d+, column: \\d+)\\]");

    @Option(
            names = "--fleet",
            paramLabel = "FILE",
            description = "The vehicles, as bulkhead vehicles --json printed them; - reads standard input.")
    private @Nullable Path file;

    /** All vehicles; none when no file was named. */
    List<Views.Vehicle> vehicles() {
        if (file == null) {
            return List.of();
        }
        try {
            byte[] content = file.toString().equals("-") ? System.in.readNBytes((int) MOST_BYTES) : read(file);
            return new ObjectMapper()
                    .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                    .readValue(content, new TypeReference<List<Views.Vehicle>>() {});
        } catch (JsonProcessingException e) {
            throw CommandFailure.failed(
                    file + " is no list of vehicles" + where(e),
                    "bulkhead vehicles --json > " + fresh() + " makes one");
        } catch (IOException e) {
            throw CommandFailure.failed(
                    file + " cannot be read: " + (e instanceof NoSuchFileException ? "no such file" : e.getMessage()),
                    "bulkhead vehicles --json > " + fresh() + " makes a list of vehicles");
        }
    }

    private static String where(JsonProcessingException e) {
        JsonLocation at = e.getLocation();
        return at == null
                ? ""
                : ": line " + at.getLineNr() + ", "
                        + PARSER_SOURCE.matcher(e.getOriginalMessage()).replaceAll("$1");
    }

    /** A name that is not that of the file in question, which may be worth something. */
    private String fresh() {
        return Path.of("fleet.json").equals(file) ? "vehicles.json" : "fleet.json";
    }

    private static byte[] read(Path path) throws IOException {
        if (Files.size(path) > MOST_BYTES) {
            throw new IOException("larger than " + MOST_BYTES + " bytes");
        }
        return Files.readAllBytes(path);
    }
}

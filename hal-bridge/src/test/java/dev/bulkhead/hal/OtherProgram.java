package dev.bulkhead.hal;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Objects;

/** Runs a program of somebody else's, for tests with real tools. */
public final class OtherProgram {
    /** Skips the test where a program is absent; where {@code CI=true} the test fails, because CI installs them all. */
    public static void need(boolean there, String otherwise) {
        if ("true".equals(System.getenv("CI"))) {
            assertTrue(there, otherwise);
        }
        assumeTrue(there, otherwise);
    }

    /** How it ended and what it said; a program that is not there has status 127. */
    public record Result(int status, String output) {}

    private OtherProgram() {}

    public static Result run(String... command) throws InterruptedException {
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return new Result(process.waitFor(), output.strip());
        } catch (IOException e) {
            return new Result(127, String.valueOf(e.getMessage()));
        }
    }

    /** A file among the test resources of this room. */
    public static Path resource(String name) throws URISyntaxException {
        return Path.of(
                Objects.requireNonNull(OtherProgram.class.getResource(name)).toURI());
    }
}

package dev.bulkhead.cli.demo;

import dev.bulkhead.cli.Main;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A {@code bulkhead} command in a process of its own, with its output in a file. */
final class ChildProcess implements AutoCloseable {
    private static final int GRACE_SECONDS = 15;

    private final String name;
    private final Process process;
    private final Path log;

    private ChildProcess(String name, Process process, Path log) {
        this.name = name;
        this.process = process;
        this.log = log;
    }

    static ChildProcess start(String name, Path log, List<String> args) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-XX:+UseSerialGC", "--sun-misc-unsafe-memory-access=allow"));
        command.addAll(List.of("--enable-native-access=ALL-UNNAMED"));
        command.add("-Dbulkhead.home=" + System.getProperty("bulkhead.home", "."));
        command.addAll(List.of("-cp", classPath(), Main.class.getName()));
        command.addAll(args);
        File file = log.toFile();
        try {
            return new ChildProcess(
                    name,
                    new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(file)
                            .start(),
                    log);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start the " + name, e);
        }
    }

    /** The jar this runs from, whose manifest names the rest; in a build, the class path as it is. */
    private static String classPath() {
        try {
            Path own = Path.of(Main.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
            return Files.isRegularFile(own) ? own.toString() : System.getProperty("java.class.path");
        } catch (URISyntaxException e) {
            return System.getProperty("java.class.path");
        }
    }

    /** Throws when the process is gone, with the end of what it said. */
    void requireAlive() {
        if (!process.isAlive()) {
            throw new StepFailed("the " + name + " ended with status " + process.exitValue() + ": " + lastWords());
        }
    }

    private String lastWords() {
        try {
            List<String> lines = Files.readAllLines(log);
            return String.join(" | ", lines.subList(Math.max(0, lines.size() - 5), lines.size()));
        } catch (IOException e) {
            return "its log " + log + " cannot be read";
        }
    }

    long pid() {
        return process.pid();
    }

    /** Asks the process to end, and after a while makes it. */
    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(GRACE_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}

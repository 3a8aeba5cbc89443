package dev.bulkhead.cli.bench;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The programs that ship with the benchmarks: as WebAssembly, and built natively or run by V8 where gcc and node are installed. */
final class BenchPrograms {
    private final Path folder;

    BenchPrograms(Path folder) {
        this.folder = folder;
    }

    /** Where a benchmark may leave files while it runs. */
    Path folder() {
        return folder;
    }

    byte[] wasm(String program) throws IOException {
        return resource(program + ".wasm");
    }

    private static byte[] resource(String name) throws IOException {
        try (InputStream in = BenchPrograms.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IOException("the benchmark program " + name + " is not in this build");
            }
            return in.readAllBytes();
        }
    }

    Path file(String name) throws IOException {
        Path file = folder.resolve(name);
        if (!Files.exists(file)) {
            Files.write(file, resource(name));
        }
        return file;
    }

    /** CPU milliseconds of each call of the program built by gcc -O3; empty without gcc. */
    List<Double> nativeMillis(String program, long argument, int repeats) throws IOException, InterruptedException {
        Path binary = folder.resolve(program);
        if (!Files.exists(binary)) {
            file("program.h");
            List<String> build = List.of(
                    "gcc", "-O3", "-o", binary.toString(), file(program + ".c").toString(), "-lm");
            if (output(build).isEmpty() && !Files.exists(binary)) {
                return List.of();
            }
        }
        return firstColumn(List.of(binary.toString(), Long.toString(argument), Integer.toString(repeats)));
    }

    /** CPU milliseconds of each call in V8; empty without node. */
    List<Double> nodeMillis(String program, String function, long argument, int repeats)
            throws IOException, InterruptedException {
        return firstColumn(node(program, function, argument, repeats));
    }

    /** What the first call in V8 returns; empty without node. */
    Optional<Integer> nodeAnswer(String program, String function, long argument)
            throws IOException, InterruptedException {
        return output(node(program, function, argument, 1)).stream()
                .findFirst()
                .map(line -> Integer.parseInt(line.split(" ", -1)[1]));
    }

    private List<String> node(String program, String function, long argument, int repeats) throws IOException {
        return List.of(
                "node",
                file("run.mjs").toString(),
                file(program + ".wasm").toString(),
                function,
                Long.toString(argument),
                Integer.toString(repeats));
    }

    private static List<Double> firstColumn(List<String> command) throws InterruptedException {
        List<Double> column = new ArrayList<>();
        for (String line : output(command)) {
            column.add(Double.parseDouble(line.split(" ", -1)[0]));
        }
        return column;
    }

    static List<String> output(List<String> command) throws InterruptedException {
        try {
            Process process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            List<String> lines = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
            return process.waitFor() == 0 ? lines : List.of();
        } catch (IOException notInstalled) {
            return List.of();
        }
    }
}

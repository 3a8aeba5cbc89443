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
    static final String GCC = "gcc";

    /** The guests' compiler: what it makes of a program natively tells its share in a difference from gcc. */
    static final String CLANG = "clang";

    /** What a figure against native code needs. */
    static final String NO_GCC = "gcc is not installed";

    /** What a figure against V8 needs. */
    static final String NO_NODE = "node is not installed";

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
        Optional<Path> binary = nativeProgram(GCC, program, "-O3");
        return binary.isEmpty()
                ? List.of()
                : firstColumn(List.of(binary.get().toString(), Long.toString(argument), Integer.toString(repeats)));
    }

    /** The program built natively at this level, to be called step by step; empty without the compiler. */
    Optional<SteppedProcess> steppedNative(String compiler, String program, String level)
            throws IOException, InterruptedException {
        Optional<Path> binary = nativeProgram(compiler, program, level);
        return binary.isEmpty()
                ? Optional.empty()
                : Optional.of(SteppedProcess.start(List.of(binary.get().toString())));
    }

    private Optional<Path> nativeProgram(String compiler, String program, String level)
            throws IOException, InterruptedException {
        Path binary = folder.resolve(program + "-" + compiler + level);
        if (!Files.exists(binary)) {
            file("program.h");
            output(List.of(
                    compiler,
                    level,
                    "-o",
                    binary.toString(),
                    file(program + ".c").toString(),
                    "-lm"));
        }
        return Optional.of(binary).filter(Files::exists);
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

    /** The program's export {@code run} in V8, to be called step by step; empty without node. */
    Optional<SteppedProcess> steppedNode(String program) throws IOException {
        List<String> command = List.of(
                "node", file("run.mjs").toString(), file(program + ".wasm").toString(), "run");
        try {
            return Optional.of(SteppedProcess.start(command));
        } catch (IOException notInstalled) {
            return Optional.empty();
        }
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

package dev.bulkhead.cli.bench;

import dev.bulkhead.cli.output.Output;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The benchmarks of the sandbox: {@code bulkhead bench compute|hostcall|density|neighbour}. */
abstract class SandboxBenchCommand implements Callable<Integer> {
    @Mixin
    private Output output;

    @Option(
            names = "--rounds",
            paramLabel = "N",
            defaultValue = "7",
            description = "Rounds to take the median of (default: ${DEFAULT-VALUE}).")
    private int rounds = 7;

    abstract List<BenchRow> measure(BenchPrograms programs, int rounds) throws IOException, InterruptedException;

    @Override
    public Integer call() throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory("bulkhead-bench");
        try {
            BenchRows.print(output, measure(new BenchPrograms(folder), Math.max(1, rounds)));
            return 0;
        } finally {
            try (Stream<Path> files = Files.list(folder)) {
                for (Path file : files.toList()) {
                    Files.delete(file);
                }
            }
            Files.delete(folder);
        }
    }

    /** {@code bench compute}. */
    @Command(
            name = "compute",
            mixinStandardHelpOptions = true,
            description = "Run four programs in the sandbox, metered and not, against gcc -O3 and V8.")
    static final class Compute extends SandboxBenchCommand {
        @Override
        List<BenchRow> measure(BenchPrograms programs, int rounds) throws IOException, InterruptedException {
            return ComputeBench.run(programs, rounds);
        }
    }

    /** {@code bench hostcall}. */
    @Command(
            name = "hostcall",
            mixinStandardHelpOptions = true,
            description = "Measure indirect calls and calls of host functions.")
    static final class HostCalls extends SandboxBenchCommand {
        @Override
        List<BenchRow> measure(BenchPrograms programs, int rounds) throws IOException, InterruptedException {
            return CallBench.run(programs, rounds);
        }
    }

    /** {@code bench density}. */
    @Command(name = "density", mixinStandardHelpOptions = true, description = "Measure what an idle instance takes.")
    static final class Density extends SandboxBenchCommand {
        @Override
        List<BenchRow> measure(BenchPrograms programs, int rounds) {
            return RoomBench.density();
        }
    }

    /** {@code bench neighbour}. */
    @Command(
            name = "neighbour",
            mixinStandardHelpOptions = true,
            description = "Measure what a throttled hog costs the app beside it.")
    static final class Neighbour extends SandboxBenchCommand {
        @Override
        List<BenchRow> measure(BenchPrograms programs, int rounds) throws IOException, InterruptedException {
            return RoomBench.neighbour(programs, rounds);
        }
    }
}

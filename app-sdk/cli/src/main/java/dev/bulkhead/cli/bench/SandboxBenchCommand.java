package dev.bulkhead.cli.bench;

import dev.bulkhead.cli.output.EngineName;
import dev.bulkhead.cli.output.Output;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The benchmarks of the sandbox: {@code bulkhead bench compute|starts|simd|long|hostcall|nanos|start|event|density|neighbour}. */
abstract class SandboxBenchCommand implements Callable<Integer> {
    @Mixin
    private Output output;

    @Option(
            names = "--rounds",
            paramLabel = "N",
            defaultValue = "7",
            description = "Rounds to take the median of (default: ${DEFAULT-VALUE}).")
    private int rounds = 7;

    Output output() {
        return output;
    }

    abstract List<BenchRow> measure(BenchPrograms programs, int rounds) throws IOException, InterruptedException;

    @Override
    public Integer call() throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory("bulkhead-bench");
        try {
            BenchRows.print(output, measure(new BenchPrograms(folder), Math.max(1, rounds)));
            return 0;
        } finally {
            try (Stream<Path> files = Files.walk(folder)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }

    /** {@code bench compute}. */
    @Command(
            name = "compute",
            mixinStandardHelpOptions = true,
            description = {
                "Run four programs in the sandbox, metered and not, against gcc -O3, clang -O3 and V8.",
                "Several processes of each take turns on one core."
            })
    static final class Compute extends SandboxBenchCommand {
        @Option(
                names = "--engine",
                paramLabel = "NAME",
                defaultValue = "bulkhead",
                description = "What the metered figures are taken of: bulkhead, or plain for comparison.")
        private String engine = "bulkhead";

        @Override
        List<BenchRow> measure(BenchPrograms programs, int rounds) throws IOException, InterruptedException {
            return ComputeBench.run(programs, EngineName.parse(engine, "bulkhead bench compute --help"), rounds);
        }
    }

    /** {@code bench starts}. */
    @Command(
            name = "starts",
            mixinStandardHelpOptions = true,
            description = {
                "Start each of the four programs, as built at -O3, -O0, -O1 and -Oz, in processes of their own,"
                        + " and compare the slowest with the fastest. The first call of each is left out, the others take turns."
            })
    static final class Starts extends SandboxBenchCommand {
        @Option(
                names = "--starts",
                paramLabel = "N",
                defaultValue = "10",
                description = "Processes for each build (default: ${DEFAULT-VALUE}).")
        private int starts = 10;

        @Override
        List<BenchRow> measure(BenchPrograms programs, int rounds) throws IOException, InterruptedException {
            return StartsBench.run(programs, Math.max(2, starts), rounds);
        }
    }

    /** {@code bench simd}. */
    @Command(
            name = "simd",
            mixinStandardHelpOptions = true,
            description = {
                "Run a dot product and a blur with vector instructions, against scalar code, gcc -O3 and V8.",
                "Measured are the first call and those after 120 others."
            })
    static final class Simd extends SandboxBenchCommand {
        @Override
        List<BenchRow> measure(BenchPrograms programs, int rounds) throws IOException, InterruptedException {
            return SimdBench.run(programs, rounds);
        }
    }

    /** {@code bench long}. */
    @Command(
            name = "long",
            mixinStandardHelpOptions = true,
            description = {
                "Run an interpreter, one function too long for the JIT, as it is cut into methods and as a single one,"
                        + " against gcc -O3 and V8."
            })
    static final class LongCode extends SandboxBenchCommand {
        @Override
        List<BenchRow> measure(BenchPrograms programs, int rounds) throws IOException, InterruptedException {
            return LongCodeBench.run(programs, rounds);
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

    /** {@code bench nanos}. */
    @Command(
            name = "nanos",
            mixinStandardHelpOptions = true,
            description =
                    "Measure with JMH what takes nanoseconds: host calls, gated reads, the account of a callback.")
    static final class NanosOfCalls extends SandboxBenchCommand {
        @Override
        List<BenchRow> measure(BenchPrograms programs, int rounds) {
            return NanosBench.run(programs.folder(), rounds);
        }
    }

    /** {@code bench start}. */
    @Command(
            name = "start",
            mixinStandardHelpOptions = true,
            description = "Measure the start of an app of 250 KB, with an empty and a filled compile cache.")
    static final class Start extends SandboxBenchCommand {
        @Override
        List<BenchRow> measure(BenchPrograms programs, int rounds) throws IOException, InterruptedException {
            return FirstCallBench.run(programs.folder(), rounds);
        }
    }

    /** {@code bench event}. */
    @Command(
            name = "event",
            mixinStandardHelpOptions = true,
            description = "Measure from a sample to the app's callback, alone and beside two apps that spin.")
    static final class Events extends SandboxBenchCommand {
        @Override
        List<BenchRow> measure(BenchPrograms programs, int rounds) throws IOException, InterruptedException {
            return EventBench.run(programs);
        }
    }

    /** {@code bench density}. */
    @Command(
            name = "density",
            mixinStandardHelpOptions = true,
            description = "Fill an agent of 512 MB heap with idle apps, and measure what each takes.")
    static final class Density extends SandboxBenchCommand {
        @Override
        List<BenchRow> measure(BenchPrograms programs, int rounds) throws IOException, InterruptedException {
            return DensityBench.run(programs.folder(), output()::note);
        }
    }

    /** {@code bench neighbour}. */
    @Command(
            name = "neighbour",
            mixinStandardHelpOptions = true,
            description = "Measure what throttled hogs cost the app beside them, on one core and on all.")
    static final class Neighbour extends SandboxBenchCommand {
        @Override
        List<BenchRow> measure(BenchPrograms programs, int rounds) throws IOException, InterruptedException {
            return NeighbourBench.run(programs, rounds);
        }
    }
}

package dev.bulkhead.cli.bench;

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

/** The benchmarks of an app's life on a real agent: {@code bulkhead bench swap|lifecycle}. */
abstract class LifecycleBenchCommand implements Callable<Integer> {
    @Mixin
    private Output output;

    abstract List<BenchRow> measure(Path folder, byte[] relay) throws IOException, InterruptedException;

    Output output() {
        return output;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory("bulkhead-bench");
        try {
            BenchRows.print(output, measure(folder, new BenchPrograms(folder).wasm("relay")));
            return 0;
        } finally {
            try (Stream<Path> files = Files.walk(folder)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }

    /** {@code bench swap}. */
    @Command(
            name = "swap",
            mixinStandardHelpOptions = true,
            description = "Replace an app again and again under load: what is lost, and how long the stream pauses.")
    static final class Swap extends LifecycleBenchCommand {
        @Option(
                names = "--swaps",
                paramLabel = "N",
                defaultValue = "100",
                description = "How often (default: ${DEFAULT-VALUE}).")
        private int swaps = 100;

        @Option(
                names = "--unpractised",
                description = "Begin before the agent has practised hand-overs, which it does after its start.")
        private boolean unpractised;

        @Override
        List<BenchRow> measure(Path folder, byte[] relay) throws IOException, InterruptedException {
            output().note("swapping " + swaps + " times at 4,000 frames and 1,000 values a second …");
            return SwapBench.run(folder, relay, Math.max(1, swaps), !unpractised);
        }
    }

    /** {@code bench lifecycle}. */
    @Command(
            name = "lifecycle",
            mixinStandardHelpOptions = true,
            description = "Measure the restart of an app and the start of an agent with twenty of them.")
    static final class Lifecycle extends LifecycleBenchCommand {
        @Option(
                names = "--rounds",
                paramLabel = "N",
                defaultValue = "7",
                description = "Rounds to take the median of (default: ${DEFAULT-VALUE}).")
        private int rounds = 7;

        @Override
        List<BenchRow> measure(Path folder, byte[] relay) throws IOException, InterruptedException {
            output().note("installing twenty apps …");
            return StartBench.run(folder, relay, Math.max(1, rounds));
        }
    }
}

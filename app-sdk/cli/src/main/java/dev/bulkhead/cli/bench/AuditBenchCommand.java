package dev.bulkhead.cli.bench;

import dev.bulkhead.cli.output.Output;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code bulkhead bench audit}. */
@Command(
        name = "audit",
        mixinStandardHelpOptions = true,
        description = "Measure the audit log: counting, durable appends, proofs, the matrix, parsers under mutation.",
        footer = {"", "Needs about 400 bytes of disk for each entry; 10 M entries take some minutes to write."})
public final class AuditBenchCommand implements Callable<Integer> {
    @Mixin
    private Output output;

    @Option(
            names = "--entries",
            paramLabel = "N",
            defaultValue = "10000000",
            description = "Entries in the large log (default: ${DEFAULT-VALUE}).")
    private long entries = 10_000_000;

    @Option(
            names = "--fuzz",
            paramLabel = "N",
            defaultValue = "1000000",
            description = "Mutated inputs to the parsers (default: ${DEFAULT-VALUE}).")
    private int fuzz = 1_000_000;

    @Option(names = "--dir", paramLabel = "DIR", description = "Where to write (default: a temporary folder).")
    private @Nullable Path folder;

    @Override
    public Integer call() throws IOException {
        Path at = folder == null ? Files.createTempDirectory("bulkhead-bench") : Files.createDirectories(folder);
        List<Measurement> measurements = new ArrayList<>();
        try {
            output.note("counting …");
            measurements.add(AuditBench.countedReads());
            output.note("appending …");
            measurements.add(AuditBench.durableAppends(at.resolve("durable.db")));
            output.note("writing a log of " + entries + " entries …");
            measurements.addAll(new LargeLogBench(at.resolve("large.db"), entries).run());
            output.note("mutating " + fuzz + " inputs …");
            measurements.add(AuditFuzzBench.run(fuzz));
        } finally {
            for (String name : List.of("durable.db", "large.db")) {
                for (String suffix : List.of("", "-wal", "-shm", ".lock")) {
                    Files.deleteIfExists(at.resolve(name + suffix));
                }
            }
        }
        Measurements.print(output, measurements);
        return 0;
    }
}

package dev.bulkhead.cli.bench;

import dev.bulkhead.cli.output.Output;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code bulkhead bench trust}. */
@Command(
        name = "trust",
        mixinStandardHelpOptions = true,
        description = "Measure verification: both repositories with 20 vendors, signatures, parsers under mutation.")
public final class TrustBenchCommand implements Callable<Integer> {
    @Mixin
    private Output output;

    @Option(
            names = "--fuzz",
            paramLabel = "N",
            defaultValue = "1000000",
            description = "Mutated inputs to the parsers (default: ${DEFAULT-VALUE}).")
    private int fuzz = 1_000_000;

    @Override
    public Integer call() {
        List<Measurement> measurements = new ArrayList<>();
        output.note("signing two repositories with 20 vendors …");
        TrustTown town = TrustTown.of(20);
        output.note("verifying …");
        measurements.addAll(TrustBench.run(town));
        output.note("mutating " + fuzz + " inputs …");
        measurements.add(TrustFuzzBench.run(town, fuzz));
        Measurements.print(output, measurements);
        return 0;
    }
}

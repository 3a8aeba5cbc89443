package dev.bulkhead.cli.bench;

import dev.bulkhead.cli.output.CommandFailure;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code bulkhead bench}: lists the benchmarks. */
@Command(
        name = "bench",
        mixinStandardHelpOptions = true,
        description = {
            "Measure this build on this machine.",
            "With --json: {machine, rows: [{name, value, unit, aim, met}]}; aim and met are null where there is no"
                    + " aim,",
            "value is null where an aim could not be measured, and met false."
        },
        synopsisSubcommandLabel = "WHAT",
        subcommands = {
            SandboxBenchCommand.Compute.class,
            SandboxBenchCommand.Starts.class,
            SandboxBenchCommand.Simd.class,
            SandboxBenchCommand.LongCode.class,
            SandboxBenchCommand.HostCalls.class,
            SandboxBenchCommand.NanosOfCalls.class,
            SandboxBenchCommand.Start.class,
            SandboxBenchCommand.Events.class,
            SandboxBenchCommand.Density.class,
            SandboxBenchCommand.Neighbour.class,
            LifecycleBenchCommand.Swap.class,
            LifecycleBenchCommand.Lifecycle.class,
            AuditBenchCommand.class,
            TrustBenchCommand.class,
            HalBenchCommand.class
        })
public final class BenchCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw CommandFailure.usage(
                "which benchmark? " + String.join(", ", spec.subcommands().keySet()), "bulkhead bench --help");
    }
}

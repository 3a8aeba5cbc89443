package dev.bulkhead.cli.signal;

import dev.bulkhead.cli.hal.SignalSetCommand;
import dev.bulkhead.cli.output.CommandFailure;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code bulkhead signal}: lists the others. */
@Command(
        name = "signal",
        mixinStandardHelpOptions = true,
        description = "Read the signals of a vehicle.",
        synopsisSubcommandLabel = "WHAT",
        subcommands = {ListCommand.class, GetCommand.class, WatchCommand.class, SignalSetCommand.class},
        footer = {
            "",
            "Examples:",
            "  bulkhead signal get Vehicle.Speed",
            "  bulkhead signal list 'Vehicle.Cabin.**'",
            "  bulkhead signal watch 'Vehicle.Powertrain.**' --period 200"
        })
public final class SignalCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw CommandFailure.usage(
                "signal what? " + String.join(", ", spec.subcommands().keySet()), "bulkhead signal --help");
    }
}

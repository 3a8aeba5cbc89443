package dev.bulkhead.cli;

import dev.bulkhead.cli.app.ExecCommand;
import dev.bulkhead.cli.app.PackCommand;
import dev.bulkhead.cli.app.SignCommand;
import dev.bulkhead.cli.app.VerifyCommand;
import dev.bulkhead.cli.audit.AuditCommand;
import dev.bulkhead.cli.bench.BenchCommand;
import dev.bulkhead.cli.demo.DemoCommand;
import dev.bulkhead.cli.fleet.AppsCommand;
import dev.bulkhead.cli.fleet.AssignCommand;
import dev.bulkhead.cli.fleet.CampaignCommand;
import dev.bulkhead.cli.fleet.IncidentsCommand;
import dev.bulkhead.cli.fleet.PublishCommand;
import dev.bulkhead.cli.fleet.ServerCommand;
import dev.bulkhead.cli.fleet.StatusCommand;
import dev.bulkhead.cli.fleet.VehiclesCommand;
import dev.bulkhead.cli.hal.CanCommand;
import dev.bulkhead.cli.hal.DbcCommand;
import dev.bulkhead.cli.hal.VssCommand;
import dev.bulkhead.cli.keys.KeysCommand;
import dev.bulkhead.cli.output.CommandFailure;
import dev.bulkhead.cli.signal.ActuatorsCommand;
import dev.bulkhead.cli.signal.SignalCommand;
import dev.bulkhead.cli.sim.SimCommand;
import dev.bulkhead.cli.tuf.TufCommand;
import dev.bulkhead.cli.vehicle.AgentCommand;
import dev.bulkhead.cli.vehicle.ConfigCommand;
import dev.bulkhead.cli.vehicle.ControlCommands;
import dev.bulkhead.cli.vehicle.InspectCommand;
import dev.bulkhead.cli.vehicle.LogsCommand;
import dev.bulkhead.cli.vehicle.PsCommand;
import dev.bulkhead.cli.vehicle.QuarantineCommand;
import dev.bulkhead.cli.vehicle.SwapCommand;
import dev.bulkhead.cli.vehicle.TopCommand;
import dev.bulkhead.cli.vehicle.UninstallCommand;
import java.util.List;
import picocli.AutoComplete.GenerateCompletion;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The root command: lists the others. */
@Command(
        name = "bulkhead",
        mixinStandardHelpOptions = true,
        version = "bulkhead 0.1.0",
        description = "Run signed WebAssembly apps from many vendors side by side in one vehicle.",
        synopsisSubcommandLabel = "COMMAND",
        footer = {
            "",
            "Examples:",
            "  bulkhead demo                    the whole story on embedded defaults",
            "  bulkhead exec app.wasm --invoke main 1 2",
            "  bulkhead COMMAND --help          options and examples of one command"
        })
final class Bulkhead implements Runnable {
    /** Below the root, in the order of its help. */
    static final List<Class<?>> COMMANDS = List.of(
            DemoCommand.class,
            KeysCommand.class,
            PackCommand.class,
            SignCommand.class,
            VerifyCommand.class,
            InspectCommand.class,
            ExecCommand.class,
            SimCommand.class,
            ServerCommand.class,
            PublishCommand.class,
            AppsCommand.class,
            VehiclesCommand.class,
            AssignCommand.class,
            CampaignCommand.class,
            StatusCommand.class,
            IncidentsCommand.class,
            AgentCommand.class,
            PsCommand.class,
            TopCommand.class,
            ActuatorsCommand.class,
            AuditCommand.class,
            SignalCommand.class,
            CanCommand.class,
            DbcCommand.class,
            VssCommand.class,
            LogsCommand.class,
            SwapCommand.class,
            UninstallCommand.class,
            ConfigCommand.class,
            ControlCommands.Start.class,
            ControlCommands.Stop.class,
            ControlCommands.Restart.class,
            QuarantineCommand.class,
            ControlCommands.Rollback.class,
            TufCommand.class,
            BenchCommand.class,
            HelpCommand.class,
            GenerateCompletion.class);

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw CommandFailure.usage(
                "which command? " + String.join(", ", spec.subcommands().keySet()), "bulkhead --help");
    }
}

package dev.bulkhead.cli.audit;

import dev.bulkhead.cli.output.CommandFailure;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code bulkhead audit}: lists the others. */
@Command(
        name = "audit",
        mixinStandardHelpOptions = true,
        description = "Ask a vehicle's audit log who can touch, did touch and tried to touch what, and prove it.",
        synopsisSubcommandLabel = "WHAT",
        footer = {
            "",
            "Examples:",
            "  bulkhead audit matrix",
            "  bulkhead audit who 'Vehicle.Chassis.Brake.**'",
            "  bulkhead audit verify",
            "  bulkhead audit key --out vehicle.vkey && bulkhead audit export log.audit",
            "  bulkhead audit verify --log log.audit --key vehicle.vkey",
            "  bulkhead audit report --html audit.html",
            "  bulkhead audit fleet --who 'Vehicle.Chassis.**'"
        },
        subcommands = {
            MatrixCommand.class,
            WhoCommand.class,
            LogCommand.class,
            ExportCommand.class,
            KeyCommand.class,
            VerifyLogCommand.class,
            ProveCommand.class,
            ReportCommand.class,
            FleetAuditCommand.class
        })
public final class AuditCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw CommandFailure.usage(
                "audit what? " + String.join(", ", spec.subcommands().keySet()), "bulkhead audit --help");
    }
}

package dev.bulkhead.cli.fleet;

import dev.bulkhead.cli.output.CommandFailure;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code bulkhead campaign}: releases that go out group after group. */
@Command(
        name = "campaign",
        mixinStandardHelpOptions = true,
        description = {
            "Let a release out to the fleet group after group; stop by itself when too many vehicles fail.",
            "The server goes on with it alone: no command has to keep running."
        },
        synopsisSubcommandLabel = "COMMAND",
        footer = {
            "",
            "Examples:",
            "  bulkhead campaign start com.acme.climate --group 5%% --group rest --soak 10m",
            "  bulkhead campaign show ID --watch",
            "  bulkhead campaign roll-back ID"
        },
        subcommands = {
            CampaignStartCommand.class,
            CampaignListCommand.class,
            CampaignShowCommand.class,
            CampaignOrderCommand.Pause.class,
            CampaignOrderCommand.Resume.class,
            CampaignOrderCommand.RollBack.class
        })
public final class CampaignCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw CommandFailure.usage(
                "what with campaigns? " + String.join(", ", spec.subcommands().keySet()), "bulkhead campaign --help");
    }
}

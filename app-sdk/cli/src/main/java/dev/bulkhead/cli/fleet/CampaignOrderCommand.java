package dev.bulkhead.cli.fleet;

import dev.bulkhead.cli.output.CommandFailure;
import dev.bulkhead.cli.output.Output;
import dev.bulkhead.server.web.Views;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code bulkhead campaign pause|resume|roll-back ID}: by hand what a campaign's rules do. */
@Command(mixinStandardHelpOptions = true)
abstract sealed class CampaignOrderCommand implements Callable<Integer> {
    @Mixin
    private ServerLink server;

    @Mixin
    private CampaignWatch watch;

    @Mixin
    private Output output;

    @Parameters(paramLabel = "ID", description = "A campaign: see bulkhead campaign list.")
    private String id;

    private final String order;
    private final Set<String> obeyed;
    private final String goal;

    /**
     * @param obeyed phases that mean it was done
     * @param goal the phase that following it is to end in
     */
    private CampaignOrderCommand(String order, Set<String> obeyed, String goal) {
        this.order = order;
        this.obeyed = obeyed;
        this.goal = goal;
    }

    @Override
    public Integer call() {
        Views.Campaign campaign = server.call(client -> client.tell(id, order));
        if (!obeyed.contains(campaign.phase())) {
            throw CommandFailure.refused(
                    "campaign " + id + " is " + campaign.phase() + ", there is nothing to " + order,
                    "bulkhead campaign show " + id);
        }
        return watch.after(campaign, server, output, goal);
    }

    @Command(
            name = "pause",
            description = "Stop a campaign; vehicles in the middle of an update end it, no other starts.",
            footer = {"", "Examples:", "  bulkhead campaign pause ID"})
    static final class Pause extends CampaignOrderCommand {
        Pause() {
            super("pause", Set.of("paused"), "paused");
        }
    }

    @Command(
            name = "resume",
            description = "Let a paused campaign go on.",
            footer = {"", "Examples:", "  bulkhead campaign resume ID --watch"})
    static final class Resume extends CampaignOrderCommand {
        Resume() {
            super("resume", Set.of("running", "soaking"), "completed");
        }
    }

    @Command(
            name = "roll-back",
            description = "Take the fleet back to what it ran before; updated vehicles get the campaign's fallback.",
            footer = {"", "Examples:", "  bulkhead campaign roll-back ID --watch"})
    static final class RollBack extends CampaignOrderCommand {
        RollBack() {
            super("roll-back", Set.of("rolling-back", "rolled-back"), "rolled-back");
        }
    }
}

package dev.bulkhead.cli.fleet;

import dev.bulkhead.cli.output.Output;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code bulkhead campaign show}. */
@Command(
        name = "show",
        mixinStandardHelpOptions = true,
        description = "Show a campaign group by group; bulkhead status ID shows each of its vehicles.",
        footer = {"", "Examples:", "  bulkhead campaign show ID", "  bulkhead campaign show ID --watch --timeout 1h"})
final class CampaignShowCommand implements Callable<Integer> {
    @Mixin
    private ServerLink server;

    @Mixin
    private CampaignWatch watch;

    @Mixin
    private Output output;

    @Parameters(paramLabel = "ID", description = "A campaign: see bulkhead campaign list.")
    private String id;

    @Override
    public Integer call() {
        return watch.after(server.call(client -> client.campaign(id)), server, output, "completed");
    }
}

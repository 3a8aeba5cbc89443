package dev.bulkhead.cli.fleet;

import dev.bulkhead.cli.output.Output;
import dev.bulkhead.server.web.Views;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code bulkhead campaign start}. */
@Command(
        name = "start",
        mixinStandardHelpOptions = true,
        description = "Begin a campaign: its first group is updated at once.",
        footer = {
            "",
            "Examples:",
            "  bulkhead campaign start com.acme.climate --group 10%% --group rest --watch",
            "  bulkhead campaign start com.acme.climate --with com.acme.seats:2.0.0 --group 10%% --group rest",
            "  bulkhead campaign start com.acme.climate 1.5.0 --only region=eu \\",
            "      --group ring=test --group 20%% --group rest --soak 24h \\",
            "      --success 95 --errors 2 --sample 20 --on-error roll-back --fallback 1.5.1"
        })
final class CampaignStartCommand implements Callable<Integer> {
    @Mixin
    private ServerLink server;

    @Mixin
    private CampaignPlan plan;

    @Mixin
    private CampaignWatch watch;

    @Mixin
    private Output output;

    @Parameters(index = "0", paramLabel = "APP", description = "App id.")
    private String app;

    @Parameters(
            index = "1",
            paramLabel = "VERSION",
            arity = "0..1",
            defaultValue = "",
            description = "Which release (default: the newest).")
    private String version = "";

    @Option(
            names = "--id",
            paramLabel = "ID",
            defaultValue = "",
            description = "The campaign's id; starting it twice then does it once (default: the server makes one).")
    private String id = "";

    @Override
    public Integer call() {
        Views.CampaignOrder order = plan.order(id, app, version);
        return watch.after(server.call(client -> client.begin(order)), server, output, "completed");
    }
}

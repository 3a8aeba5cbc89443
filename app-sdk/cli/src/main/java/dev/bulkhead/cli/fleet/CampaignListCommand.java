package dev.bulkhead.cli.fleet;

import dev.bulkhead.cli.output.Output;
import dev.bulkhead.cli.output.Table;
import dev.bulkhead.server.web.ServerClient;
import dev.bulkhead.server.web.Views;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code bulkhead campaign list}. */
@Command(
        name = "list",
        mixinStandardHelpOptions = true,
        description = "List the newest campaigns, newest first.",
        footer = {"", "Examples:", "  bulkhead campaign list", "  bulkhead campaign list --json"})
final class CampaignListCommand implements Runnable {
    @Mixin
    private ServerLink server;

    @Mixin
    private Output output;

    @Override
    public void run() {
        List<Views.Campaign> campaigns = server.call(ServerClient::campaigns);
        if (output.isJson()) {
            output.json(campaigns);
            return;
        }
        if (campaigns.isEmpty()) {
            output.line("no campaigns; bulkhead campaign start begins one");
            return;
        }
        Table table = new Table(
                "CAMPAIGN", "APP", "VERSION", "PHASE", "GROUP", ">VEHICLES", ">SUCCEEDED", ">FAILED", "SINCE");
        for (Views.Campaign c : campaigns) {
            table.row(
                    c.id(),
                    CampaignPrinter.app(c),
                    c.version(),
                    Table.styled(CampaignPrinter.style(c.phase()), c.phase()),
                    c.group() + " of " + c.groups().size(),
                    c.groups().stream().mapToInt(Views.Group::vehicles).sum(),
                    c.groups().stream().mapToInt(Views.Group::succeeded).sum(),
                    c.groups().stream().mapToInt(Views.Group::failed).sum(),
                    c.since());
        }
        output.table(table);
    }
}

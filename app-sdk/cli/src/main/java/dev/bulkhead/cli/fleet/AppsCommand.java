package dev.bulkhead.cli.fleet;

import dev.bulkhead.cli.output.Output;
import dev.bulkhead.cli.output.Quantity;
import dev.bulkhead.cli.output.Table;
import dev.bulkhead.server.web.ServerClient;
import dev.bulkhead.server.web.Views;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code bulkhead apps}: what is published. */
@Command(
        name = "apps",
        mixinStandardHelpOptions = true,
        description = "List the apps of the fleet server with their releases.",
        footer = {"", "Examples:", "  bulkhead apps --json"})
public final class AppsCommand implements Runnable {
    @Mixin
    private ServerLink server;

    @Mixin
    private Output output;

    @Override
    public void run() {
        List<Views.App> apps = server.call(ServerClient::apps);
        if (output.isJson()) {
            output.json(apps);
            return;
        }
        Table table = new Table("APP", "VERSION", ">RELEASE", "VENDOR", ">SIZE", "PUBLISHED", "DIGEST");
        for (Views.App app : apps) {
            for (Views.Release r : app.releases()) {
                table.row(
                        r.appId(),
                        r.version(),
                        r.release(),
                        r.vendor(),
                        Quantity.bytes(r.length()),
                        r.published() ? "yes" : "no",
                        r.sha256().substring(0, 12));
            }
        }
        output.table(table);
    }
}

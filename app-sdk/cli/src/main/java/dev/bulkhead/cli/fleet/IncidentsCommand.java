package dev.bulkhead.cli.fleet;

import dev.bulkhead.cli.output.Output;
import dev.bulkhead.cli.output.Table;
import dev.bulkhead.server.web.Views;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code bulkhead incidents}: what the server refused. */
@Command(
        name = "incidents",
        mixinStandardHelpOptions = true,
        description = "List what the fleet server refused or could not make sense of, newest first.",
        footer = {"", "Examples:", "  bulkhead incidents -n 20"})
public final class IncidentsCommand implements Runnable {
    @Mixin
    private ServerLink server;

    @Mixin
    private Output output;

    @Option(
            names = {"-n", "--lines"},
            paramLabel = "N",
            defaultValue = "50",
            description = "At most N (default: ${DEFAULT-VALUE}).")
    private int most = 50;

    @Override
    public void run() {
        List<Views.Incident> incidents = server.call(client -> client.incidents(most));
        if (output.isJson()) {
            output.json(incidents);
            return;
        }
        Table table = new Table("AT", "VEHICLE", "CAUSE", "DETAIL");
        incidents.forEach(i -> table.row(i.at(), i.vehicleId(), i.cause(), i.detail()));
        output.table(table);
    }
}

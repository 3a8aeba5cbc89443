package dev.bulkhead.cli.fleet;

import dev.bulkhead.cli.output.Output;
import dev.bulkhead.cli.output.Style;
import dev.bulkhead.cli.output.Table;
import dev.bulkhead.server.web.ServerClient;
import dev.bulkhead.server.web.Views;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code bulkhead vehicles}: who is out there and what runs there. */
@Command(
        name = "vehicles",
        mixinStandardHelpOptions = true,
        description = "List the vehicles the fleet server knows, with what is installed on them.",
        footer = {
            "",
            "Examples:",
            "  bulkhead vehicles",
            "  bulkhead vehicles certificates VIN-0001",
            "  bulkhead vehicles revoke VIN-0001 --reason \"stolen unit\"",
            "  bulkhead vehicles block VIN-0001"
        },
        subcommands = {
            CertificatesCommand.class,
            RevokeCommand.class,
            BlockCommand.Block.class,
            BlockCommand.Unblock.class
        })
public final class VehiclesCommand implements Runnable {
    @Mixin
    private ServerLink server;

    @Mixin
    private Output output;

    @Override
    public void run() {
        List<Views.Vehicle> vehicles = server.call(ServerClient::vehicles);
        if (output.isJson()) {
            output.json(vehicles);
            return;
        }
        Table table = new Table("VEHICLE", "LINE", "LAST SEEN", "AGENT", ">AUDIT ENTRIES", "INSTALLED");
        for (Views.Vehicle v : vehicles) {
            table.row(
                    v.id(),
                    v.blocked()
                            ? Table.styled(Style.BAD, "blocked")
                            : v.online() ? Table.styled(Style.GOOD, "online") : Table.styled(Style.FAINT, "offline"),
                    v.lastSeen(),
                    v.agentVersion(),
                    v.auditEntries(),
                    v.installed().stream()
                            .map(app -> app.appId() + " " + app.version())
                            .collect(Collectors.joining(", ")));
        }
        output.table(table);
    }
}

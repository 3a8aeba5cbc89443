package dev.bulkhead.cli.signal;

import dev.bulkhead.cli.output.Output;
import dev.bulkhead.cli.output.Table;
import dev.bulkhead.cli.vehicle.AgentLink;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code bulkhead signal list}: what the vehicle knows of itself. */
@Command(
        name = "list",
        mixinStandardHelpOptions = true,
        description = "List the signals a vehicle has, with their units.",
        footer = {"", "Examples:", "  bulkhead signal list", "  bulkhead signal list 'Vehicle.Cabin.**' --json"})
final class ListCommand implements Runnable {
    @Mixin
    private SignalQuery query;

    @Mixin
    private Output output;

    @Parameters(
            paramLabel = "GLOB",
            arity = "0..1",
            defaultValue = "**",
            description = "Which: * is one level, ** any depth (default: all).")
    private String glob = "**";

    @Override
    public void run() {
        try (AgentLink agent = query.open()) {
            List<SignalRow> rows = query.read(agent, glob);
            if (output.isJson()) {
                output.json(rows.stream()
                        .map(row -> Map.of("path", row.path(), "unit", row.unit(), "known", row.value() != null))
                        .toList());
                return;
            }
            Table table = new Table("SIGNAL", "UNIT", "VALUE");
            rows.forEach(row -> table.row(row.path(), row.unit(), row.value() == null ? "none yet" : "known"));
            output.table(table);
        }
    }
}

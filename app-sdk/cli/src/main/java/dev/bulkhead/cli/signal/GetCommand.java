package dev.bulkhead.cli.signal;

import dev.bulkhead.cli.output.Output;
import dev.bulkhead.cli.vehicle.AgentLink;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code bulkhead signal get}: values, now. */
@Command(
        name = "get",
        mixinStandardHelpOptions = true,
        description = "Show the values of signals with their age. Exit status 1 when the vehicle has no such signal.",
        footer = {
            "",
            "Examples:",
            "  bulkhead signal get Vehicle.Speed",
            "  bulkhead signal get 'Vehicle.Cabin.HVAC.**' Vehicle.Speed --json"
        })
final class GetCommand implements Runnable {
    @Mixin
    private SignalQuery query;

    @Mixin
    private Output output;

    @Parameters(paramLabel = "PATH", arity = "1..*", description = "A VSS path or a glob; may repeat.")
    private List<String> paths = new ArrayList<>();

    @Override
    public void run() {
        try (AgentLink agent = query.open()) {
            List<SignalRow> rows = paths.stream()
                    .flatMap(path -> query.read(agent, path).stream())
                    .distinct()
                    .toList();
            if (output.isJson()) {
                output.json(rows);
            } else {
                output.table(SignalRow.table(rows));
            }
        }
    }
}

package dev.bulkhead.cli.vehicle;

import dev.bulkhead.cli.output.CommandFailure;
import dev.bulkhead.cli.output.Output;
import dev.bulkhead.cli.output.Ranges;
import dev.bulkhead.contract.proto.LogLine;
import dev.bulkhead.contract.proto.TailLogsRequest;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code bulkhead logs}: what apps wrote. */
@Command(
        name = "logs",
        mixinStandardHelpOptions = true,
        description = "Show the log of an app, or of all.",
        footer = {"", "Examples:", "  bulkhead logs com.acme.climate -n 20", "  bulkhead logs -f"})
public final class LogsCommand implements Runnable {
    private static final int MOST_LINES = 1_000;

    @Mixin
    private VehicleChoice vehicle;

    @Mixin
    private Output output;

    @Parameters(paramLabel = "APP", arity = "0..1", defaultValue = "", description = "App id (default: all apps).")
    private String app = "";

    @Option(
            names = {"-n", "--lines"},
            paramLabel = "N",
            defaultValue = "100",
            description = "Lines of the past, at most 1000 (default: ${DEFAULT-VALUE}).")
    private int lines = 100;

    @Option(
            names = {"-f", "--follow"},
            description = "Go on until interrupted. Not with --json, which is one document.")
    private boolean follow;

    @Override
    public void run() {
        if (follow && output.isJson()) {
            throw CommandFailure.usage("-f does not end, and --json prints one document", "leave out one of them");
        }
        Ranges.check("-n", lines, 0, MOST_LINES);
        try (AgentLink agent = vehicle.open()) {
            var request = TailLogsRequest.newBuilder()
                    .setAppId(app)
                    .setLines(lines)
                    .setFollow(follow)
                    .build();
            Iterator<LogLine> stream = agent.call(stub -> stub.tailLogs(request));
            List<LogRow> collected = new ArrayList<>();
            while (agent.call(stub -> stream.hasNext())) {
                LogRow line = LogRow.of(stream.next());
                collect(line, collected);
                output.checkReader();
            }
            if (output.isJson()) {
                output.json(collected);
            }
        }
    }

    private void collect(LogRow line, List<LogRow> collected) {
        if (output.isJson()) {
            collected.add(line);
        } else {
            line.print(output);
        }
    }
}

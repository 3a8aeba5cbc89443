package dev.bulkhead.cli.signal;

import dev.bulkhead.cli.output.CommandFailure;
import dev.bulkhead.cli.output.Output;
import dev.bulkhead.cli.output.Ranges;
import dev.bulkhead.cli.vehicle.AgentLink;
import dev.bulkhead.contract.proto.ReadSignalsResponse;
import dev.bulkhead.contract.proto.WatchSignalsRequest;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code bulkhead signal watch}: {@code get}, live. */
@Command(
        name = "watch",
        mixinStandardHelpOptions = true,
        description = "Watch signals: the table of get, refreshed until interrupted.",
        footer = {
            "",
            "Examples:",
            "  bulkhead signal watch Vehicle.Speed",
            "  bulkhead signal watch 'Vehicle.Powertrain.**' --period 200 --count 10 --json"
        })
final class WatchCommand implements Runnable {
    private static final String HOME_AND_CLEAR = "\u001b[H\u001b[2J";
    private static final int MOST_COLLECTED = 10_000;

    @Mixin
    private SignalQuery query;

    @Mixin
    private Output output;

    @Parameters(paramLabel = "GLOB", description = "A VSS path or a glob.")
    private String glob;

    @Option(
            names = "--period",
            paramLabel = "MS",
            defaultValue = "500",
            description = "Milliseconds between two looks, 50 to 60000 (default: ${DEFAULT-VALUE}).")
    private int period = 500;

    @Option(
            names = "--count",
            paramLabel = "N",
            defaultValue = "0",
            description = "Stop after N looks (default: when interrupted; with --json after one).")
    private int count;

    @Override
    public void run() {
        Ranges.check("--period", period, 50, 60_000);
        int most = output.isJson() && count == 0 ? 1 : count;
        if (most < 0 || (output.isJson() && most > MOST_COLLECTED)) {
            throw CommandFailure.usage("--count must be 0 to " + MOST_COLLECTED + ", not " + most, "");
        }
        var request = WatchSignalsRequest.newBuilder()
                .setGlob(glob)
                .setPeriodMs(period)
                .setLimit(query.limit())
                .build();
        List<List<SignalRow>> looks = new ArrayList<>();
        try (AgentLink agent = query.open()) {
            Iterator<ReadSignalsResponse> stream = agent.call(stub -> stub.watchSignals(request));
            for (int seen = 0; (most == 0 || seen < most) && agent.call(stub -> stream.hasNext()); seen++) {
                look(stream.next(), looks);
                output.checkReader();
            }
        }
        if (output.isJson()) {
            output.json(looks);
        }
    }

    private void look(ReadSignalsResponse response, List<List<SignalRow>> looks) {
        List<SignalRow> rows = SignalQuery.matching(
                glob, response.getSignalsList().stream().map(SignalRow::of).toList());
        if (output.isJson()) {
            looks.add(rows);
        } else {
            output.line((output.isTerminal() ? HOME_AND_CLEAR : "") + rows.size() + " signals");
            output.table(SignalRow.table(rows));
        }
    }
}

package dev.bulkhead.cli.vehicle;

import dev.bulkhead.cli.output.Output;
import dev.bulkhead.cli.output.Ranges;
import dev.bulkhead.contract.proto.ListAppsResponse;
import dev.bulkhead.contract.proto.WatchAppsRequest;
import java.util.Iterator;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code bulkhead top}: {@code ps}, live. */
@Command(
        name = "top",
        mixinStandardHelpOptions = true,
        description = "Watch the apps of a vehicle: the table of ps, refreshed until interrupted.",
        footer = {"", "Examples:", "  bulkhead top", "  bulkhead top --period 500 --count 10"})
public final class TopCommand implements Runnable {
    private static final String HOME_AND_CLEAR = "\u001b[H\u001b[2J";

    @Mixin
    private VehicleChoice vehicle;

    @Mixin
    private Output output;

    @Option(
            names = "--period",
            paramLabel = "MS",
            defaultValue = "1000",
            description = "Milliseconds between two looks, 100 to 60000 (default: ${DEFAULT-VALUE}).")
    private int period = 1000;

    @Option(
            names = "--count",
            paramLabel = "N",
            defaultValue = "0",
            description = "Stop after N looks (default: when interrupted). With --json it is 1.")
    private int count;

    @Override
    public void run() {
        Ranges.check("--period", period, 100, 60_000);
        Ranges.check("--count", count, 0, Integer.MAX_VALUE);
        try (AgentLink agent = vehicle.open()) {
            Iterator<ListAppsResponse> looks = agent.call(stub -> stub.watchApps(
                    WatchAppsRequest.newBuilder().setPeriodMs(period).build()));
            int most = output.isJson() ? 1 : count;
            for (int seen = 0; (most == 0 || seen < most) && agent.call(stub -> looks.hasNext()); seen++) {
                show(looks.next());
                output.checkReader();
            }
        }
    }

    private void show(ListAppsResponse look) {
        if (output.isJson()) {
            output.json(look.getAppsList().stream().map(AppRow::of).toList());
        } else {
            output.line((output.isTerminal() ? HOME_AND_CLEAR : "")
                    + look.getAppsCount()
                    + (look.getAppsCount() == 1 ? " app" : " apps"));
            output.table(PsCommand.table(look.getAppsList()));
        }
    }
}

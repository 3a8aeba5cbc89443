package dev.bulkhead.cli.signal;

import dev.bulkhead.cli.output.CommandFailure;
import dev.bulkhead.cli.vehicle.AgentLink;
import dev.bulkhead.cli.vehicle.VehicleChoice;
import dev.bulkhead.contract.proto.ReadSignalsRequest;
import java.util.List;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Whose signals, and how many at most, to be mixed in. */
public final class SignalQuery {
    /** The agent answers no more at once. */
    private static final int MOST = 2000;

    @Mixin
    private VehicleChoice vehicle;

    @Option(
            names = "--limit",
            paramLabel = "N",
            defaultValue = "" + MOST,
            description = "At most so many signals, 1 to " + MOST + " (default: ${DEFAULT-VALUE}).")
    private int limit = MOST;

    AgentLink open() {
        return vehicle.open();
    }

    int limit() {
        if (limit < 1 || limit > MOST) {
            throw CommandFailure.usage("--limit must be 1 to " + MOST + ", not " + limit, "");
        }
        return limit;
    }

    /** The signals that match, in the tree's order; at least one. */
    List<SignalRow> read(AgentLink agent, String glob) {
        var request =
                ReadSignalsRequest.newBuilder().setGlob(glob).setLimit(limit()).build();
        return matching(
                glob,
                agent.call(stub -> stub.readSignals(request)).getSignalsList().stream()
                        .map(SignalRow::of)
                        .toList());
    }

    static List<SignalRow> matching(String glob, List<SignalRow> rows) {
        if (rows.isEmpty()) {
            throw CommandFailure.failed(
                    "the vehicle has no signal " + glob, "bulkhead signal list shows what it has; ** is any depth");
        }
        return rows;
    }
}

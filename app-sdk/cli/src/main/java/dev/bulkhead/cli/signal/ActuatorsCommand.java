package dev.bulkhead.cli.signal;

import dev.bulkhead.cli.output.Output;
import dev.bulkhead.cli.output.Quantity;
import dev.bulkhead.cli.output.Table;
import dev.bulkhead.cli.vehicle.AgentLink;
import dev.bulkhead.cli.vehicle.VehicleChoice;
import dev.bulkhead.contract.proto.ActuatorView;
import dev.bulkhead.contract.proto.ListActuatorsRequest;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code bulkhead actuators}: who moves what. */
@Command(
        name = "actuators",
        mixinStandardHelpOptions = true,
        description = "List the actuators apps have owned or set, with owner, lease and the reason of the last change.",
        footer = {"", "Examples:", "  bulkhead actuators", "  bulkhead actuators --json"})
public final class ActuatorsCommand implements Runnable {
    @Mixin
    private VehicleChoice vehicle;

    @Mixin
    private Output output;

    /**
     * One actuator in {@code --json}.
     *
     * @param owner empty: the vehicle's own control
     * @param refusal the newest one and who got it; empty when there was none
     */
    private record Row(
            String path,
            String owner,
            int priority,
            long leaseLeftMs,
            String value,
            long valueAgeMs,
            String reason,
            String refusal,
            long commands,
            long refusals,
            long failsafes,
            boolean driven) {
        static Row of(ActuatorView view) {
            return new Row(
                    view.getPath(),
                    view.getOwner(),
                    view.getPriority(),
                    view.getLeaseLeftMs(),
                    view.getValue(),
                    view.getValueAgeMs(),
                    view.getReason(),
                    view.getRefusal(),
                    view.getCommands(),
                    view.getRefusals(),
                    view.getFailsafes(),
                    view.getDriven());
        }
    }

    @Override
    public void run() {
        try (AgentLink agent = vehicle.open()) {
            List<Row> rows = agent
                    .call(stub -> stub.listActuators(ListActuatorsRequest.getDefaultInstance()))
                    .getActuatorsList()
                    .stream()
                    .map(Row::of)
                    .toList();
            if (output.isJson()) {
                output.json(rows);
            } else if (rows.isEmpty()) {
                output.line("no app has owned an actuator since the agent started");
            } else {
                output.table(table(rows));
            }
        }
    }

    private static Table table(List<Row> rows) {
        Table table =
                new Table("ACTUATOR", ">VALUE", "OWNER", ">PRIORITY", ">LEASE LEFT", "LAST CHANGE", "LAST REFUSAL");
        rows.forEach(row -> table.row(
                row.path(),
                row.value(),
                row.owner().isEmpty() ? "the vehicle" : row.owner(),
                row.owner().isEmpty() ? "" : row.priority(),
                row.owner().isEmpty() ? "" : Quantity.millis(row.leaseLeftMs()),
                row.driven() ? row.reason() : "no driver",
                row.refusal()));
        return table;
    }
}

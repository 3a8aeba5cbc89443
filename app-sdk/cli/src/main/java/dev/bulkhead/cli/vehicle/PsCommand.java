package dev.bulkhead.cli.vehicle;

import dev.bulkhead.cli.output.Output;
import dev.bulkhead.cli.output.Quantity;
import dev.bulkhead.cli.output.Style;
import dev.bulkhead.cli.output.Table;
import dev.bulkhead.contract.proto.AppStatus;
import dev.bulkhead.contract.proto.ListAppsRequest;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code bulkhead ps}: the apps of one vehicle. */
@Command(
        name = "ps",
        mixinStandardHelpOptions = true,
        description = "List the apps of a vehicle with their state and budgets.",
        footer = {"", "Examples:", "  bulkhead ps", "  bulkhead ps --vehicle VIN-0001 --json"})
public final class PsCommand implements Runnable {
    @Mixin
    private VehicleChoice vehicle;

    @Mixin
    private Output output;

    @Override
    public void run() {
        try (AgentLink agent = vehicle.open()) {
            List<AppStatus> apps = agent.call(stub -> stub.listApps(ListAppsRequest.getDefaultInstance()))
                    .getAppsList();
            if (output.isJson()) {
                output.json(apps.stream().map(AppRow::of).toList());
            } else if (apps.isEmpty()) {
                output.line("no apps are installed; bulkhead assign brings one over the air");
            } else {
                output.table(table(apps));
            }
        }
    }

    /** The table of {@code ps} and {@code top}; with a column for those that change as one only while some do. */
    static Table table(List<AppStatus> apps) {
        boolean together = apps.stream().anyMatch(AppStatus::hasEnsemble);
        List<String> heads = new ArrayList<>(List.of(
                "APP",
                "VERSION",
                "STATE",
                ">UP",
                ">RESTARTS",
                "CPU OF QUOTA",
                "MEMORY OF LIMIT",
                ">QUEUE",
                ">DROPPED",
                ">DENIED",
                "CAUSE"));
        if (together) {
            heads.add("AS ONE");
        }
        Table table = new Table(heads.toArray(String[]::new));
        for (AppStatus app : apps) {
            List<Object> cells = new ArrayList<>(List.of(
                    app.getAppId(),
                    app.getVersion(),
                    Table.styled(style(app.getPhase()), app.getPhase()),
                    Quantity.millis(app.getUptimeMs()),
                    app.getRestarts(),
                    Quantity.bar(app.getCpuShare()),
                    memory(app),
                    app.getQueueDepth(),
                    app.getDropped(),
                    app.getDenied(),
                    app.getCause()));
            if (together) {
                Company company = Company.of(app);
                cells.add(company == null ? "" : company.inShort());
            }
            table.row(cells.toArray());
        }
        return table;
    }

    private static String memory(AppStatus app) {
        if (app.getMemoryLimitBytes() == 0) {
            return Quantity.bytes(app.getMemoryBytes());
        }
        return Quantity.bar((double) app.getMemoryBytes() / app.getMemoryLimitBytes()) + " of "
                + Quantity.bytes(app.getMemoryLimitBytes());
    }

    static Style style(String phase) {
        return switch (phase) {
            case "RUNNING" -> Style.GOOD;
            case "THROTTLED", "BACKOFF", "STARTING", "STOPPING", "WAITING" -> Style.WARN;
            case "FAILED", "QUARANTINED" -> Style.BAD;
            default -> Style.FAINT;
        };
    }
}

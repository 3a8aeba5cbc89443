package dev.bulkhead.cli.vehicle;

import dev.bulkhead.cli.output.Output;
import dev.bulkhead.cli.output.Style;
import dev.bulkhead.contract.proto.AppDetail;
import dev.bulkhead.contract.proto.AppStatus;
import dev.bulkhead.contract.proto.ControlRequest;
import dev.bulkhead.contract.proto.InspectRequest;
import dev.bulkhead.contract.proto.ListAppsRequest;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code bulkhead quarantine [APP]}: walls an app off, or shows which ones are and why. */
@Command(
        name = "quarantine",
        mixinStandardHelpOptions = true,
        description = "Wall an app off, or list those that are: why, and what they said last.",
        footer = {
            "",
            "An app stays walled off, over restarts of the agent too, until bulkhead start releases it or a new version comes.",
            "",
            "Examples:",
            "  bulkhead quarantine --json",
            "  bulkhead quarantine com.acme.climate"
        })
public final class QuarantineCommand implements Runnable {
    @Mixin
    private VehicleChoice vehicle;

    @Mixin
    private Output output;

    @Parameters(paramLabel = "APP", arity = "0..1", description = "The app to wall off (default: list those that are).")
    private @Nullable String app;

    private record Row(String app, String version, String reason, List<LogRow> lastWords) {
        static Row of(AppDetail detail) {
            return new Row(
                    detail.getStatus().getAppId(),
                    detail.getStatus().getVersion(),
                    detail.getQuarantine().getReason(),
                    detail.getQuarantine().getLastWordsList().stream()
                            .map(LogRow::of)
                            .toList());
        }
    }

    @Override
    public void run() {
        try (AgentLink agent = vehicle.open()) {
            if (app == null) {
                list(agent);
            } else {
                ControlCommands.ask(agent, output, app, ControlRequest.Verb.QUARANTINE);
            }
        }
    }

    private void list(AgentLink agent) {
        List<Row> rows = agent.call(stub -> stub.listApps(ListAppsRequest.getDefaultInstance())).getAppsList().stream()
                .filter(status -> status.getPhase().equals("QUARANTINED"))
                .map(AppStatus::getAppId)
                .map(id -> InspectRequest.newBuilder().setAppId(id).build())
                .map(request -> agent.call(stub -> stub.inspect(request)))
                .filter(AppDetail::hasQuarantine)
                .map(Row::of)
                .toList();
        if (output.isJson()) {
            output.json(rows);
        } else if (rows.isEmpty()) {
            output.line("no app is walled off");
        }
        if (!output.isJson()) {
            rows.forEach(this::show);
        }
    }

    private void show(Row row) {
        output.line(Style.BOLD, row.app() + " " + row.version());
        output.line("  " + output.paint(Style.BAD, row.reason()));
        row.lastWords().forEach(line -> line.print(output));
        output.line("  bulkhead start " + row.app() + " releases it");
    }
}

package dev.bulkhead.cli.audit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.bulkhead.cli.fleet.ServerLink;
import dev.bulkhead.cli.output.CommandFailure;
import dev.bulkhead.cli.output.FileFault;
import dev.bulkhead.cli.output.Output;
import dev.bulkhead.cli.output.Style;
import dev.bulkhead.cli.output.Table;
import dev.bulkhead.security.audit.matrix.MatrixPage;
import dev.bulkhead.server.web.Views;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code bulkhead audit fleet}: the matrix of all vehicles, as they told it to the fleet server. */
@Command(
        name = "fleet",
        mixinStandardHelpOptions = true,
        description = "Ask the fleet server what apps may touch, did touch and tried to touch on all vehicles.",
        footer = {
            "",
            "Examples:",
            "  bulkhead audit fleet --only denied",
            "  bulkhead audit fleet --who 'Vehicle.Chassis.**' --vendor acme",
            "  bulkhead audit fleet --on car-7 --csv",
            "  bulkhead audit fleet --html fleet.html"
        })
final class FleetAuditCommand implements Runnable {
    /** A report drawn from the matrix. */
    enum Only {
        all,
        overprivileged,
        nearlimit,
        denied,
        undeclared
    }

    @Mixin
    private ServerLink server;

    @Mixin
    private Output output;

    @Option(
            names = "--who",
            paramLabel = "WHAT",
            description = "Only what touches this: a path, glob or capability line.")
    private @Nullable String who;

    @Option(names = "--app", paramLabel = "ID", description = "Only this app.")
    private @Nullable String app;

    @Option(names = "--vendor", paramLabel = "NAME", description = "Only this vendor's apps.")
    private @Nullable String vendor;

    @Option(names = "--on", paramLabel = "VEHICLE", description = "Only this vehicle.")
    private @Nullable String vehicle;

    @Option(
            names = "--only",
            paramLabel = "REPORT",
            defaultValue = "all",
            description = "One of ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
    private Only only = Only.all;

    @Option(names = "--csv", description = "Print the rows as CSV.")
    private boolean csv;

    @Option(names = "--html", paramLabel = "FILE", description = "Write one self-contained page with the heat map.")
    private @Nullable Path page;

    @Option(
            names = "--begin-anew",
            paramLabel = "VEHICLE",
            description = "Forget what is known of this vehicle's log, after its computer was replaced for instance.")
    private @Nullable String begunAnew;

    @Override
    public void run() {
        if (begunAnew != null) {
            forget(begunAnew);
        } else {
            show();
        }
    }

    private void forget(String id) {
        Views.VehicleAudit known = server.call(client -> client.beginAuditAnew(id));
        if (output.isJson()) {
            output.json(known);
        } else {
            output.line("forgot the log of " + id + ": " + known.entries() + " entries, key " + known.key());
            output.line("the next log that it shows is pinned");
        }
    }

    private void show() {
        if (csv) {
            ask("csv").lines().forEach(output::line);
            return;
        }
        String json = ask("json");
        JsonNode matrix = parse(json);
        if (page != null) {
            write(page, MatrixPage.ofJson(json, "Told by the vehicles, checked by the fleet server."));
        }
        if (output.isJson()) {
            output.json(matrix);
        } else {
            print(matrix);
        }
    }

    private String ask(String format) {
        Map<String, String> query = new LinkedHashMap<>();
        query.put("format", format);
        query.put("only", only.name());
        put(query, "who", who);
        put(query, "app", app);
        put(query, "vendor", vendor);
        put(query, "vehicle", vehicle);
        return server.call(client -> client.auditMatrix(query));
    }

    private static void put(Map<String, String> query, String name, @Nullable String value) {
        if (value != null) {
            query.put(name, value);
        }
    }

    private static JsonNode parse(String json) {
        try {
            return new ObjectMapper().readTree(json);
        } catch (JsonProcessingException e) {
            throw CommandFailure.failed("the server's answer makes no sense: " + e.getOriginalMessage(), "");
        }
    }

    private void print(JsonNode matrix) {
        String of =
                matrix.path("origin").asText() + ", " + matrix.path("entries").asLong() + " log entries";
        if (matrix.path("rows").isEmpty()) {
            checkNames();
            output.line("nothing of that kind: " + of);
            return;
        }
        Table table =
                new Table("APP", "VERSION", "CAPABILITY", "DECLARED", ">USED", ">DENIED", "VEHICLES", "WORST", "NOTE");
        matrix.path("rows").forEach(row -> add(table, row));
        output.table(table);
        matrix.path("apps").forEach(this::printUndeclared);
        output.line(of);
        if (page != null) {
            output.line("the page is " + page.toAbsolutePath());
        }
    }

    /** An answer without rows may come of a name that nobody has. */
    private void checkNames() {
        if (vehicle != null) {
            String wanted = vehicle;
            if (server.call(client -> client.vehicles()).stream()
                    .noneMatch(known -> known.id().equals(wanted))) {
                throw CommandFailure.failed("the fleet has no vehicle " + wanted, "bulkhead vehicles lists them");
            }
        }
        if (app != null) {
            String whole = server.call(client -> client.auditMatrix(Map.of("format", "json", "app", app)));
            if (parse(whole).path("apps").isEmpty() && parse(whole).path("rows").isEmpty()) {
                throw CommandFailure.failed(
                        "no vehicle's log is about an app " + app, "bulkhead audit fleet shows all");
            }
        }
    }

    private static void add(Table table, JsonNode row) {
        String declared = row.path("declared").asText();
        long denied = row.path("denied").path("count").asLong();
        JsonNode vehicles = row.path("vehicles");
        table.row(
                row.path("app").asText(),
                row.path("version").asText(),
                row.path("capability").asText(),
                Table.styled(declared.equals("granted") ? Style.GOOD : Style.WARN, declared.replace('-', ' ')),
                row.path("used").path("count").asLong(),
                Table.styled(denied > 0 ? Style.BAD : Style.PLAIN, Long.toString(denied)),
                "granted on " + vehicles.path("granted") + ", used on " + vehicles.path("used") + " of "
                        + vehicles.path("count"),
                vehicles.path("shown").path(0).path("vehicle").asText(),
                note(row, denied));
    }

    private static String note(JsonNode row, long denied) {
        if (denied > 0) {
            return row.path("rule").asText();
        }
        if (row.path("nearLimit").isTextual()) {
            return row.path("nearLimit").asText();
        }
        return row.path("overPrivileged").asBoolean() ? "over-privileged: never used" : "";
    }

    private void printUndeclared(JsonNode view) {
        if (!view.path("undeclaredImports").isEmpty()) {
            output.line(view.path("app").asText() + " " + view.path("version").asText()
                    + " imports without asking for it: " + view.path("undeclaredImports"));
        }
    }

    private static void write(Path file, String html) {
        try {
            Files.writeString(file, html);
        } catch (IOException e) {
            throw FileFault.unwritten(file, e, "check the path");
        }
    }
}

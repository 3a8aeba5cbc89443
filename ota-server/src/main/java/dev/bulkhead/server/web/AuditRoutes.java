package dev.bulkhead.server.web;

import dev.bulkhead.contract.capability.CapabilityException;
import dev.bulkhead.security.audit.EntryText;
import dev.bulkhead.security.audit.LogReader;
import dev.bulkhead.security.audit.evidence.EntryProof;
import dev.bulkhead.security.audit.matrix.AuditMatrix;
import dev.bulkhead.security.audit.matrix.FleetMatrix;
import dev.bulkhead.security.audit.matrix.MatrixCsv;
import dev.bulkhead.security.audit.matrix.MatrixJson;
import dev.bulkhead.security.audit.matrix.MatrixPage;
import dev.bulkhead.security.audit.matrix.MatrixRow;
import dev.bulkhead.server.store.AuditConflictTable;
import dev.bulkhead.server.store.AuditViewsTable;
import dev.bulkhead.server.store.CheckpointTable;
import dev.bulkhead.server.store.Transaction;
import dev.bulkhead.server.store.VehicleRow;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** What the fleet's audit logs say: matrix, reports, each vehicle's state, the entries that were shown and proved. */
final class AuditRoutes {
    private static final String ONLY = "all, denied, overprivileged, nearlimit or undeclared";

    private final Rooms rooms;

    AuditRoutes(Rooms rooms) {
        this.rooms = rooms;
    }

    void addTo(RoutesConfig routes) {
        routes.get(
                "/audit-heat.js",
                context -> context.contentType("text/javascript; charset=utf-8").result(MatrixPage.script()));
        routes.get(
                "/audit-heat.css",
                context -> context.contentType("text/css; charset=utf-8").result(MatrixPage.style()));
        routes.get("/api/v1/audit/matrix", this::matrix);
        routes.get("/api/v1/vehicles/{id}/audit", this::vehicle);
        routes.delete("/api/v1/vehicles/{id}/audit", this::beginAnew);
        routes.get("/api/v1/vehicles/{id}/audit/matrix", this::vehicleMatrix);
        routes.get("/api/v1/vehicles/{id}/audit/entries/{index}", this::entry);
    }

    private void matrix(Context context) {
        FleetMatrix chosen = only(context, ofApps(context, ofVehicles(context)));
        String who = Query.text(context, "who", "");
        FleetMatrix asked = who.isEmpty() ? chosen : whoCanTouch(chosen, who);
        switch (Query.text(context, "format", "json")) {
            case "json" -> context.contentType("application/json").result(MatrixJson.of(asked));
            case "csv" -> context.contentType("text/csv; charset=utf-8").result(MatrixCsv.of(asked));
            default -> throw parameter("format", context, "json or csv");
        }
    }

    private FleetMatrix ofVehicles(Context context) {
        List<String> vehicles = context.queryParams("vehicle");
        return vehicles.isEmpty() ? rooms.views().fleet() : rooms.views().of(vehicles);
    }

    private static FleetMatrix ofApps(Context context, FleetMatrix all) {
        String app = Query.text(context, "app", "");
        String version = Query.text(context, "version", "");
        String vendor = Query.text(context, "vendor", "");
        if (app.isEmpty() && version.isEmpty() && vendor.isEmpty()) {
            return all;
        }
        return all.ofApps(each -> (app.isEmpty() || each.app().equals(app))
                && (version.isEmpty() || each.version().equals(version))
                && (vendor.isEmpty() || each.vendor().equals(vendor)));
    }

    private static FleetMatrix only(Context context, FleetMatrix all) {
        return switch (Query.text(context, "only", "all")) {
            case "all" -> all;
            case "denied" -> all.where(row -> row.denied().isPresent());
            case "overprivileged" -> all.where(MatrixRow::isOverPrivileged);
            case "nearlimit" -> all.where(row -> row.nearLimit().isPresent());
            case "undeclared" -> all.where(row -> row.declared() == MatrixRow.Declared.NOT_REQUESTED);
            default -> throw parameter("only", context, ONLY);
        };
    }

    private static FleetMatrix whoCanTouch(FleetMatrix matrix, String who) {
        try {
            return matrix.whoCanTouch(who);
        } catch (CapabilityException e) {
            throw new ProblemException(
                    400,
                    "parameter",
                    "who: " + e.getMessage(),
                    "give a signal path, a glob, or a capability line without limits");
        }
    }

    private static ProblemException parameter(String name, Context context, String allowed) {
        return new ProblemException(
                400, "parameter", name + " is \"" + context.queryParam(name) + "\"", "give " + allowed);
    }

    private void vehicle(Context context) {
        String id = context.pathParam("id");
        context.json(rooms.database().read(tx -> state(tx, id)));
    }

    /** After somebody looked into it, a computer that was replaced for instance: the next log that it shows is pinned. */
    private void beginAnew(Context context) {
        String id = context.pathParam("id");
        Views.VehicleAudit before = rooms.database().write(tx -> {
            Views.VehicleAudit known = state(tx, id);
            tx.vehicles().setAuditKey(id, "");
            tx.checkpoints().forget(id);
            tx.auditViews().forget(id);
            tx.auditConflicts().forget(id);
            return known;
        });
        rooms.incidents()
                .record(
                        id,
                        "audit-begun-anew",
                        "an operator forgot the log of " + before.entries() + " entries, root " + before.root()
                                + ", key " + before.key());
        context.json(before);
    }

    private static Views.VehicleAudit state(Transaction tx, String id) {
        String key = tx.vehicles().find(id).map(VehicleRow::auditKey).orElseThrow(() -> VehicleRoutes.unknown(id));
        Optional<CheckpointTable.Row> head = tx.checkpoints().find(id);
        Optional<AuditViewsTable.State> state = tx.auditViews().state(id);
        return new Views.VehicleAudit(
                id,
                key,
                head.map(CheckpointTable.Row::size).orElse(0L),
                head.map(CheckpointTable.Row::root).orElse(""),
                head.map(row -> text(row.note())).orElse(""),
                head.map(row -> Views.time(row.receivedAt())).orElse(""),
                state.map(AuditViewsTable.State::told).orElse(0L),
                state.map(AuditViewsTable.State::firstRetained).orElse(0L),
                state.map(row -> Views.time(row.receivedAt())).orElse(""),
                tx.auditConflicts().find(id).map(AuditRoutes::conflict).orElse(null));
    }

    private static Views.AuditConflict conflict(AuditConflictTable.Row row) {
        return new Views.AuditConflict(
                row.why(),
                Views.time(row.firstAt()),
                Views.time(row.lastAt()),
                row.times(),
                text(row.held()),
                text(row.offered()));
    }

    private static String text(byte[] note) {
        return new String(note, StandardCharsets.UTF_8);
    }

    private void vehicleMatrix(Context context) {
        String id = context.pathParam("id");
        AuditMatrix matrix = rooms.views().vehicle(id).orElseThrow(() -> untold(id));
        String app = Query.text(context, "app", "");
        context.contentType("application/json").result(MatrixJson.of(app.isEmpty() ? matrix : matrix.ofApp(app)));
    }

    private static ProblemException untold(String id) {
        return new ProblemException(
                404,
                "no-audit-views",
                "vehicle " + id + " has not told the views of its audit log",
                "it does when it is connected; POST /api/v1/vehicles/" + id + "/wake asks it now");
    }

    private void entry(Context context) {
        String id = context.pathParam("id");
        long index = index(context.pathParam("index"));
        byte[] proof = rooms.database()
                .read(tx -> tx.auditViews().proof(id, index))
                .orElseThrow(() -> new ProblemException(
                        404,
                        "no-such-entry",
                        "entry " + index + " of " + id + " was not shown to the fleet",
                        "the vehicle's own log has all: bulkhead audit log --from-entry " + index));
        EntryProof proved = EntryProof.parse(proof);
        context.json(new Views.AuditedEntry(
                id, index, EntryText.document(index, LogReader.parse(index, proved.entry())), text(proof)));
    }

    private static long index(String text) {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw new ProblemException(
                    400, "parameter", "the index is \"" + text + "\"", "give the number of an entry");
        }
    }
}

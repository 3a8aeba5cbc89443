package dev.bulkhead.server.web;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.bulkhead.server.broker.VehicleId;
import dev.bulkhead.server.store.Transaction;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.util.List;
import java.util.regex.Pattern;

/** Vehicles: listed, shown, woken, blocked; their certificates listed and taken back. */
final class VehicleRoutes {
    private static final int MOST = 1_000;

    private static final Pattern SERIAL = Pattern.compile("[0-9a-f]{1,40}");

    private final Rooms rooms;
    private final ObjectMapper json;

    VehicleRoutes(Rooms rooms, ObjectMapper json) {
        this.rooms = rooms;
        this.json = json;
    }

    void addTo(RoutesConfig routes) {
        routes.get("/api/v1/vehicles", this::list);
        routes.get("/api/v1/vehicles/{id}", this::show);
        routes.post("/api/v1/vehicles/{id}/wake", this::wake);
        routes.put("/api/v1/vehicles/{id}/blocked", context -> block(context, true));
        routes.delete("/api/v1/vehicles/{id}/blocked", context -> block(context, false));
        routes.get("/api/v1/vehicles/{id}/certificates", this::certificates);
        routes.post("/api/v1/vehicles/{id}/revocations", this::revoke);
    }

    private void list(Context context) {
        String after = Query.text(context, "after", "");
        int limit = Query.integer(context, "limit", 100, 1, MOST);
        List<Views.Vehicle> vehicles = rooms.database()
                .read(tx -> tx.vehicles().list(after, limit).stream()
                        .map(row -> Views.Vehicle.of(tx, row))
                        .toList());
        context.json(vehicles);
    }

    private void show(Context context) {
        String id = context.pathParam("id");
        context.json(rooms.database().read(tx -> vehicle(tx, id)));
    }

    private void wake(Context context) {
        String id = context.pathParam("id");
        Views.Vehicle vehicle = rooms.database().read(tx -> vehicle(tx, id));
        rooms.waker().wake(vehicle.id(), "operator");
        context.status(202).json(vehicle);
    }

    private void block(Context context, boolean blocked) {
        VehicleId vehicle = vehicleId(context);
        if (!rooms.revocation().setBlocked(vehicle, blocked)) {
            throw unknown(vehicle.value());
        }
        context.json(rooms.database().read(tx -> vehicle(tx, vehicle.value())));
    }

    private void certificates(Context context) {
        VehicleId vehicle = vehicleId(context);
        context.json(rooms.database().read(tx -> {
            vehicle(tx, vehicle.value());
            return certificates(tx, vehicle.value());
        }));
    }

    private void revoke(Context context) {
        VehicleId vehicle = vehicleId(context);
        CertificateViews.RevocationOrder order = order(context);
        if (!order.serial().isEmpty() && !SERIAL.matcher(order.serial()).matches()) {
            throw new ProblemException(
                    400,
                    "serial",
                    "\"" + order.serial() + "\" is no serial number",
                    "give lower-case hex as bulkhead vehicles certificates lists it, or none to take all back");
        }
        boolean known = order.serial().isEmpty()
                ? rooms.revocation().revokeAll(vehicle, order.reason())
                : rooms.revocation().revoke(vehicle, order.serial(), order.reason());
        if (!known) {
            throw unknown(vehicle.value());
        }
        context.json(rooms.database().read(tx -> certificates(tx, vehicle.value())));
    }

    private CertificateViews.RevocationOrder order(Context context) {
        try {
            return json.readValue(context.body(), CertificateViews.RevocationOrder.class);
        } catch (JsonProcessingException e) {
            throw new ProblemException(
                    400, "json", "the order is no JSON of the right form", "GET /openapi.json shows the form");
        }
    }

    private static List<CertificateViews.Certificate> certificates(Transaction tx, String id) {
        return tx.certificates().of(id, MOST).stream()
                .map(CertificateViews.Certificate::of)
                .toList();
    }

    private static VehicleId vehicleId(Context context) {
        String id = context.pathParam("id");
        return VehicleId.parse(id).orElseThrow(() -> unknown(id));
    }

    private static Views.Vehicle vehicle(Transaction tx, String id) {
        return tx.vehicles().find(id).map(row -> Views.Vehicle.of(tx, row)).orElseThrow(() -> unknown(id));
    }

    static ProblemException unknown(String id) {
        return new ProblemException(
                404,
                "unknown-vehicle",
                "vehicle " + id + " has never connected to this fleet",
                "make its key with bulkhead keys vehicle and start its agent");
    }
}

package dev.bulkhead.server.web;

import dev.bulkhead.server.store.Transaction;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.util.List;

/** Vehicles: listed, shown, woken, blocked. */
final class VehicleRoutes {
    private static final int MOST = 1_000;

    private final Rooms rooms;

    VehicleRoutes(Rooms rooms) {
        this.rooms = rooms;
    }

    void addTo(RoutesConfig routes) {
        routes.get("/api/v1/vehicles", this::list);
        routes.get("/api/v1/vehicles/{id}", this::show);
        routes.post("/api/v1/vehicles/{id}/wake", this::wake);
        routes.put("/api/v1/vehicles/{id}/blocked", context -> block(context, true));
        routes.delete("/api/v1/vehicles/{id}/blocked", context -> block(context, false));
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
        String id = context.pathParam("id");
        context.json(rooms.database().write(tx -> {
            tx.vehicles().setBlocked(id, blocked);
            return vehicle(tx, id);
        }));
    }

    private static Views.Vehicle vehicle(Transaction tx, String id) {
        return tx.vehicles()
                .find(id)
                .map(row -> Views.Vehicle.of(tx, row))
                .orElseThrow(() -> new ProblemException(
                        404,
                        "unknown-vehicle",
                        "vehicle " + id + " has never connected to this fleet",
                        "make its key with bulkhead keys vehicle and start its agent"));
    }
}

package dev.bulkhead.server.web;

import dev.bulkhead.server.store.IncidentTable;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;

/** Health, metrics, incidents, the API's description and the console page. */
final class SystemRoutes {
    private final Rooms rooms;

    SystemRoutes(Rooms rooms) {
        this.rooms = rooms;
    }

    void addTo(RoutesConfig routes) {
        routes.get("/", context -> resource(context, "console.html", "text/html"));
        routes.get("/openapi.json", context -> resource(context, "openapi.json", "application/json"));
        routes.get("/health", this::health);
        routes.get("/api/v1/metrics", this::metrics);
        routes.get("/api/v1/incidents", this::incidents);
    }

    private void health(Context context) {
        rooms.database().read(tx -> tx.incidents().newest(1));
        context.json(Map.of("status", "ok"));
    }

    private void incidents(Context context) {
        int limit = Query.integer(context, "limit", 50, 1, IncidentTable.MOST);
        context.json(rooms.database().read(tx -> tx.incidents().newest(limit)).stream()
                .map(Views.Incident::of)
                .toList());
    }

    /** Prometheus text format 0.0.4. */
    private void metrics(Context context) {
        context.contentType("text/plain; version=0.0.4; charset=utf-8")
                .result(rooms.metrics().get());
    }

    private static void resource(Context context, String name, String type) throws IOException {
        try (InputStream in = SystemRoutes.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IOException(name + " is missing from this build");
            }
            context.contentType(type + "; charset=utf-8").result(in.readAllBytes());
        }
    }
}

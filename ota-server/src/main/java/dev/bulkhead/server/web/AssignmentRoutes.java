package dev.bulkhead.server.web;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.bulkhead.server.campaign.AssignmentOrder;
import dev.bulkhead.server.campaign.AssignmentOutcome;
import dev.bulkhead.server.campaign.AssignmentStatus;
import dev.bulkhead.server.campaign.Assignments;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Assignments: made, shown, waited for. */
final class AssignmentRoutes {
    private static final int LONGEST_WAIT_SECONDS = 30;
    private static final int MOST = 200;
    private static final String HINT =
            "send {\"appId\": …, \"version\": …, \"vehicles\": […], \"with\": [{\"appId\": …, \"version\": …}]}";

    private final Assignments assignments;
    private final ObjectMapper json;

    AssignmentRoutes(Rooms rooms, ObjectMapper json) {
        this.assignments = rooms.assignments();
        this.json = json;
    }

    void addTo(RoutesConfig routes) {
        routes.post("/api/v1/assignments", this::assign);
        routes.get("/api/v1/assignments", this::list);
        routes.get("/api/v1/assignments/{id}", this::show);
    }

    private void assign(Context context) {
        switch (assignments.assign(order(context.body()))) {
            case AssignmentOutcome.Assigned assigned ->
                context.status(201).json(view(assigned.assignment().id()));
            case AssignmentOutcome.Refused refused ->
                throw new ProblemException(
                        409,
                        refused.reason().word(),
                        "not assigned (" + refused.reason().word() + "): " + refused.detail(),
                        hint(refused.reason()));
        }
    }

    private static String hint(AssignmentOutcome.Reason reason) {
        return switch (reason) {
            case UNKNOWN_RELEASE -> "bulkhead publish makes a release known";
            case UNKNOWN_VEHICLE -> "start the vehicle's agent once, or leave the vehicle out";
            case DOWNGRADE -> "publish the older code under a higher release, or leave the vehicle out";
            case ID_TAKEN -> "leave the id out";
        };
    }

    private AssignmentOrder order(String body) {
        try {
            JsonNode order = json.readTree(body);
            List<String> vehicles = new ArrayList<>();
            order.path("vehicles").forEach(vehicle -> vehicles.add(vehicle.asText()));
            List<AssignmentOrder.Wanted> wanted = new ArrayList<>();
            wanted.add(wanted(order));
            order.path("with").forEach(further -> wanted.add(wanted(further)));
            return new AssignmentOrder(text(order, "id"), wanted, vehicles);
        } catch (JsonProcessingException | IllegalArgumentException e) {
            throw new ProblemException(400, "order", "not an order: " + e.getMessage(), HINT);
        }
    }

    private static AssignmentOrder.Wanted wanted(JsonNode release) {
        return new AssignmentOrder.Wanted(
                text(release, "appId")
                        .orElseThrow(() -> new ProblemException(400, "order", "the order names no appId", HINT)),
                text(release, "version"));
    }

    private static Optional<String> text(JsonNode order, String name) {
        return Optional.of(order.path(name).asText("")).filter(text -> !text.isEmpty());
    }

    private void list(Context context) {
        int limit = Query.integer(context, "limit", 20, 1, MOST);
        long change = assignments.changes().version();
        context.json(assignments.newest(limit).stream()
                .map(status -> Views.Assignment.of(status, change))
                .toList());
    }

    /** With {@code wait} and {@code change}: answers when something has changed since, or the time is over. */
    private void show(Context context) throws InterruptedException {
        long wait = Query.number(context, "wait", 0, 0, LONGEST_WAIT_SECONDS);
        long seen = Query.number(context, "change", -1, -1, Long.MAX_VALUE);
        String id = context.pathParam("id");
        if (wait > 0 && !view(id).finished()) {
            assignments.changes().awaitNewerThan(seen, Duration.ofSeconds(wait));
        }
        context.json(view(id));
    }

    private Views.Assignment view(String id) {
        long change = assignments.changes().version();
        AssignmentStatus status = assignments
                .status(id)
                .orElseThrow(() -> new ProblemException(
                        404,
                        "unknown-assignment",
                        "there is no assignment " + id,
                        "list them with GET /api/v1/assignments"));
        return Views.Assignment.of(status, change);
    }
}

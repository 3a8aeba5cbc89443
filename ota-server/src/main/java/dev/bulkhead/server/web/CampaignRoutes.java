package dev.bulkhead.server.web;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.bulkhead.server.campaign.Changes;
import dev.bulkhead.server.campaign.PlanText;
import dev.bulkhead.server.campaign.RolloutOrder;
import dev.bulkhead.server.campaign.RolloutOrder.Member;
import dev.bulkhead.server.campaign.RolloutOutcome;
import dev.bulkhead.server.campaign.RolloutStatus;
import dev.bulkhead.server.campaign.Rollouts;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Campaigns: begun, shown, paused, resumed, taken back. */
final class CampaignRoutes {
    private static final int MOST = 200;
    private static final int LONGEST_WAIT_SECONDS = 30;
    private static final String EXAMPLE = "send {\"appId\": …, \"groups\": [{\"percent\": 5}, {\"filter\": {}}], …};"
            + " GET /openapi.json has all fields";

    private final Rollouts rollouts;
    private final Changes changes;
    private final ObjectMapper json;

    CampaignRoutes(Rooms rooms, ObjectMapper json) {
        this.rollouts = rooms.rollouts();
        this.changes = rooms.assignments().changes();
        this.json = json;
    }

    void addTo(RoutesConfig routes) {
        routes.post("/api/v1/campaigns", this::begin);
        routes.get("/api/v1/campaigns", this::list);
        routes.get("/api/v1/campaigns/{id}", this::look);
        routes.post("/api/v1/campaigns/{id}/pause", context -> show(context, rollouts::pause));
        routes.post("/api/v1/campaigns/{id}/resume", context -> show(context, rollouts::resume));
        routes.post("/api/v1/campaigns/{id}/roll-back", context -> show(context, rollouts::rollBack));
    }

    private void begin(Context context) {
        RolloutOrder order = order(context.body());
        long change = changes.version();
        switch (rollouts.begin(order)) {
            case RolloutOutcome.Begun begun -> context.status(201).json(Views.Campaign.of(begun.status(), change));
            case RolloutOutcome.Refused refused ->
                throw new ProblemException(
                        409,
                        refused.reason(),
                        "not begun (" + refused.reason() + "): " + refused.detail(),
                        "bulkhead apps lists what is published, bulkhead vehicles who is there");
        }
    }

    private RolloutOrder order(String body) {
        try {
            JsonNode order = json.readTree(body);
            String appId = order.path("appId").asText("");
            if (appId.isEmpty()) {
                throw new ProblemException(400, "order", "the order names no appId", EXAMPLE);
            }
            List<Member> members = new ArrayList<>();
            members.add(member(order));
            order.path("with").forEach(companion -> members.add(member(companion)));
            return new RolloutOrder(text(order, "id"), members, PlanText.read(order));
        } catch (JsonProcessingException | IllegalArgumentException e) {
            throw new ProblemException(400, "order", "not an order: " + e.getMessage(), EXAMPLE);
        }
    }

    private static Member member(JsonNode node) {
        return new Member(node.path("appId").asText(""), text(node, "version"), text(node, "fallback"));
    }

    private static Optional<String> text(JsonNode order, String name) {
        return Optional.of(order.path(name).asText("")).filter(text -> !text.isEmpty());
    }

    private void list(Context context) {
        int limit = Query.integer(context, "limit", 20, 1, MOST);
        long change = changes.version();
        context.json(rollouts.newest(limit).stream()
                .map(status -> Views.Campaign.of(status, change))
                .toList());
    }

    private static String id(Context context) {
        return context.pathParam("id");
    }

    /** With {@code wait} and {@code change}: answers when something has changed since, or the time is over. */
    private void look(Context context) throws InterruptedException {
        long wait = Query.number(context, "wait", 0, 0, LONGEST_WAIT_SECONDS);
        long seen = Query.number(context, "change", -1, -1, Long.MAX_VALUE);
        if (wait > 0 && rollouts.status(id(context)).isPresent()) {
            changes.awaitNewerThan(seen, Duration.ofSeconds(wait));
        }
        show(context, rollouts::status);
    }

    /** The version is read before the status: what changes in between is seen by who waits for it. */
    private void show(Context context, Function<String, Optional<RolloutStatus>> request) {
        long change = changes.version();
        context.json(request.apply(id(context))
                .map(status -> Views.Campaign.of(status, change))
                .orElseThrow(() -> new ProblemException(
                        404,
                        "unknown-campaign",
                        "there is no campaign " + id(context),
                        "list them with bulkhead campaign list or GET /api/v1/campaigns")));
    }
}

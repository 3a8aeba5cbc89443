package dev.bulkhead.server.campaign;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.bulkhead.server.campaign.RolloutPlan.OnError;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** A plan as JSON, in the database and in the API. What is left out gets a careful default. */
public final class PlanText {
    private static final ObjectMapper JSON = new ObjectMapper();

    private PlanText() {}

    /**
     * Reads a plan.
     *
     * @throws IllegalArgumentException saying which part makes no sense
     */
    public static RolloutPlan read(JsonNode node) {
        List<RolloutGroup> groups = new ArrayList<>();
        node.path("groups").forEach(group -> groups.add(group(group)));
        return new RolloutPlan(
                attributes(node.path("filter")),
                groups.isEmpty() ? List.of(new RolloutGroup.Matching(Map.of())) : groups,
                node.path("successPercent").asInt(100),
                node.path("errorPercent").asInt(10),
                node.path("minimumSample").asInt(1),
                Duration.ofSeconds(node.path("soakSeconds").asLong(0)),
                onError(node.path("onError").asText("pause")));
    }

    private static OnError onError(String word) {
        return switch (word) {
            case "pause" -> OnError.PAUSE;
            case "roll-back" -> OnError.ROLL_BACK;
            default ->
                throw new IllegalArgumentException("onError is \"" + word + "\", allowed are pause and roll-back");
        };
    }

    private static RolloutGroup group(JsonNode node) {
        if (node.has("percent") == node.has("filter")) {
            throw new IllegalArgumentException("a group has either a percent or a filter");
        }
        return node.has("percent")
                ? new RolloutGroup.Share(node.path("percent").asInt())
                : new RolloutGroup.Matching(attributes(node.path("filter")));
    }

    private static Map<String, String> attributes(JsonNode node) {
        Map<String, String> attributes = new TreeMap<>();
        node.properties()
                .forEach(
                        entry -> attributes.put(entry.getKey(), entry.getValue().asText()));
        return attributes;
    }

    static RolloutPlan parse(String text) {
        try {
            return read(JSON.readTree(text));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a plan in the database is damaged", e);
        }
    }

    static String write(RolloutPlan plan) {
        ObjectNode node = JSON.createObjectNode();
        plan.filter().forEach(node.putObject("filter")::put);
        for (RolloutGroup group : plan.groups()) {
            ObjectNode out = node.withArray("groups").addObject();
            switch (group) {
                case RolloutGroup.Share(int percent) -> out.put("percent", percent);
                case RolloutGroup.Matching(Map<String, String> wanted) -> wanted.forEach(out.putObject("filter")::put);
            }
        }
        return node.put("successPercent", plan.successPercent())
                .put("errorPercent", plan.errorPercent())
                .put("minimumSample", plan.minimumSample())
                .put("soakSeconds", plan.soak().toSeconds())
                .put("onError", plan.onError().name().toLowerCase(Locale.ROOT).replace('_', '-'))
                .toString();
    }
}

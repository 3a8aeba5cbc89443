package dev.bulkhead.hal.signal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.regex.Pattern;

/** Turns a VSS document into the tree of its leaves, checking each. */
final class VssReader {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_]{1,64}(\\.[A-Za-z0-9_]{1,64})*");
    private static final int MAX_PATH = 255;
    private static final long MAX_AGE_MILLIS = 86_400_000;

    private final VssDocument document;
    private final List<SignalLeaf> leaves = new ArrayList<>();
    private final Map<String, String> branches = new LinkedHashMap<>();

    VssReader(VssDocument document) {
        this.document = document;
    }

    SignalTree tree() {
        document.walk(this::node);
        return new SignalTree(leaves, branches);
    }

    private void node(String path, ObjectNode node) {
        if (path.length() > MAX_PATH || !NAME.matcher(path).matches()) {
            throw wrong(path, "a path has letters, digits and _ in its names and at most " + MAX_PATH + " characters");
        }
        String type = node.path("type").asText("");
        switch (type) {
            case "branch" -> branches.put(path, node.path("description").asText(""));
            case "sensor" -> leaf(path, node, LeafKind.SENSOR);
            case "actuator" -> leaf(path, node, LeafKind.ACTUATOR);
            case "attribute" -> leaf(path, node, LeafKind.ATTRIBUTE);
            default -> throw wrong(path, "type '" + type + "' is none of branch, sensor, actuator, attribute");
        }
    }

    private void leaf(String path, ObjectNode node, LeafKind kind) {
        if (node.has("children")) {
            throw wrong(path, "a leaf has no children");
        }
        String spelling = node.path("datatype").asText("");
        Datatype type = Datatype.fromVss(spelling)
                .orElseThrow(() -> wrong(path, "datatype '" + spelling + "' is not one of VSS"));
        List<String> allowed = new ArrayList<>();
        node.path("allowed").forEach(value -> allowed.add(value.asText()));
        leaves.add(new SignalLeaf(
                leaves.size(),
                path,
                kind,
                type,
                node.path("unit").asText(""),
                number(path, node, "min"),
                number(path, node, "max"),
                allowed,
                defaultValue(path, node.get("default"), type),
                node.path("description").asText(""),
                ageLimit(path, node)));
    }

    private OptionalDouble number(String path, ObjectNode node, String key) {
        JsonNode value = node.get(key);
        if (value == null || value.isNull()) {
            return OptionalDouble.empty();
        }
        if (!value.isNumber()) {
            throw wrong(path, key + " must be a number, not " + value);
        }
        return OptionalDouble.of(value.asDouble());
    }

    private Optional<SignalValue> defaultValue(String path, JsonNode value, Datatype type) {
        if (value == null || value.isNull()) {
            return Optional.empty();
        }
        Optional<SignalValue> parsed = JsonValues.parse(value, type);
        if (parsed.isEmpty()) {
            throw wrong(path, "default " + value + " is no " + type.vssName());
        }
        return parsed;
    }

    /** {@code ageLimitMs} is our own key; exports without it have values that never go stale. */
    private Duration ageLimit(String path, ObjectNode node) {
        long millis = node.path("ageLimitMs").asLong(0);
        if (millis < 0 || millis > MAX_AGE_MILLIS) {
            throw wrong(path, "ageLimitMs must be 0.." + MAX_AGE_MILLIS + ", not " + millis);
        }
        return Duration.ofMillis(millis);
    }

    private VssException wrong(String path, String cause) {
        return new VssException(document.source(), path, cause);
    }
}

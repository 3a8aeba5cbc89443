package dev.bulkhead.hal.signal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Expands {@code instances} that an export still carries: {@code "Row[1,2]"}, {@code ["Left","Right"]}, or a list of such, one for each
 * level. A child with {@code instantiate: false} stays with the branch itself.
 */
final class VssInstances {
    private static final Pattern RANGE = Pattern.compile("([A-Za-z0-9_]*)\\[(\\d{1,4}),\\s*(\\d{1,4})]");
    private static final String CHILDREN = "children";

    private final String source;
    private int made;

    private VssInstances(String source) {
        this.source = source;
    }

    static ObjectNode expand(String source, ObjectNode root) {
        return new VssInstances(source).level("", root, 0);
    }

    private ObjectNode level(String prefix, ObjectNode level, int depth) {
        ObjectNode expanded = JsonNodeFactory.instance.objectNode();
        for (Map.Entry<String, JsonNode> entry : level.properties()) {
            boolean isNode = entry.getValue() instanceof ObjectNode;
            String path = prefix + "." + entry.getKey();
            expanded.set(entry.getKey(), isNode ? node(path, (ObjectNode) entry.getValue(), depth) : entry.getValue());
        }
        return expanded;
    }

    private ObjectNode node(String path, ObjectNode node, int depth) {
        count(path, depth);
        if (!(node.get(CHILDREN) instanceof ObjectNode children)) {
            return node;
        }
        JsonNode instances = node.get("instances");
        ObjectNode copy = JsonNodeFactory.instance.objectNode();
        copy.setAll(node);
        copy.remove("instances");
        if (instances == null || instances.isNull() || (instances.isEmpty() && !instances.isTextual())) {
            copy.set(CHILDREN, level(path, children, depth + 1));
            return copy;
        }
        List<List<String>> names = new ArrayList<>();
        collect(path, instances, names);
        ObjectNode shared = JsonNodeFactory.instance.objectNode();
        ObjectNode own = JsonNodeFactory.instance.objectNode();
        for (Map.Entry<String, JsonNode> child : children.properties()) {
            boolean instantiate = child.getValue().path("instantiate").asBoolean(true);
            (instantiate ? shared : own).set(child.getKey(), child.getValue());
        }
        ObjectNode result = level(path, own, depth + 1);
        result.setAll(instances(path, names, 0, shared, node, depth + 1));
        copy.set(CHILDREN, result);
        return copy;
    }

    private void count(String path, int depth) {
        if (++made > VssDocument.MAX_NODES || depth > VssDocument.MAX_DEPTH) {
            throw new VssException(source, path.substring(1), "instances make the tree too large or too deep");
        }
    }

    private ObjectNode instances(
            String path, List<List<String>> names, int at, ObjectNode shared, ObjectNode template, int depth) {
        if (at == names.size()) {
            return level(path, shared, depth);
        }
        ObjectNode level = JsonNodeFactory.instance.objectNode();
        for (String name : names.get(at)) {
            count(path, depth);
            ObjectNode branch = JsonNodeFactory.instance.objectNode();
            branch.put("type", "branch");
            branch.put("description", template.path("description").asText(""));
            branch.set(CHILDREN, instances(path + "." + name, names, at + 1, shared, template, depth + 1));
            level.set(name, branch);
        }
        return level;
    }

    private void collect(String path, JsonNode instances, List<List<String>> names) {
        if (instances.isTextual()) {
            names.add(range(path, instances.asText()));
            return;
        }
        boolean levels = false;
        for (JsonNode item : instances) {
            levels |= !item.isTextual() || RANGE.matcher(item.asText()).matches();
        }
        if (levels) {
            instances.forEach(item -> collect(path, item, names));
        } else {
            List<String> level = new ArrayList<>();
            instances.forEach(item -> level.add(item.asText()));
            names.add(level);
        }
        if (names.size() > 8) {
            throw new VssException(source, path.substring(1), "more than 8 levels of instances");
        }
    }

    private List<String> range(String path, String text) {
        Matcher matcher = RANGE.matcher(text);
        if (!matcher.matches()) {
            return List.of(text);
        }
        int from = Integer.parseInt(matcher.group(2));
        int to = Integer.parseInt(matcher.group(3));
        if (from > to || to - from >= 1_000) {
            throw new VssException(source, path.substring(1), "instances '" + text + "' are none or over 1000");
        }
        List<String> names = new ArrayList<>();
        for (int i = from; i <= to; i++) {
            names.add(matcher.group(1) + i);
        }
        return names;
    }
}

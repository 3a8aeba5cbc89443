package dev.bulkhead.hal.signal;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.bulkhead.contract.json.StrictJson;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.regex.Pattern;

/**
 * A VSS export in JSON (COVESA VSS 4.0 to 6.0), with overlays laid over it and instances expanded. Bounded: {@value #MAX_BYTES} bytes,
 * {@value #MAX_DEPTH} levels, {@value #MAX_NODES} nodes. Immutable.
 */
public final class VssDocument {
    public static final int MAX_BYTES = 64 << 20;
    public static final int MAX_DEPTH = 32;
    public static final int MAX_NODES = 100_000;

    /** How Jackson names another place of a text it was given. */
    private static final Pattern PARSER_SOURCE = Pattern.compile("\\[Source: [^;\\]]*; (line: \\d+, column: \\d+)\\]");

    private static final String CHILDREN = "children";
    private static final StrictJson JSON = new StrictJson(StreamReadConstraints.builder()
            .maxNestingDepth(4 * MAX_DEPTH)
            .maxDocumentLength(MAX_BYTES)
            .build());

    private final String source;
    private final ObjectNode root;

    private VssDocument(String source, ObjectNode root) {
        this.source = source;
        this.root = root;
    }

    /**
     * Reads a file.
     *
     * @throws VssException when it is no VSS export
     */
    public static VssDocument read(Path file) {
        try {
            if (Files.size(file) > MAX_BYTES) {
                throw new VssException(file.toString(), "file", "larger than " + MAX_BYTES + " bytes");
            }
            return parse(file.toString(), Files.readAllBytes(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Parses the bytes of a file.
     *
     * @param source what to call it in errors
     * @throws VssException when it is no VSS export
     */
    public static VssDocument parse(String source, byte[] json) {
        try {
            if (JSON.read(json) instanceof ObjectNode root) {
                return new VssDocument(source, VssInstances.expand(source, root));
            }
            throw new VssException(source, "line 1", "the file must hold a JSON object with the root branch");
        } catch (JsonProcessingException e) {
            JsonLocation at = e.getLocation();
            String where = at == null ? "file" : "line " + at.getLineNr() + " column " + at.getColumnNr();
            throw new VssException(
                    source, where, PARSER_SOURCE.matcher(e.getOriginalMessage()).replaceAll("$1"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** This document with another laid over it: its nodes are added, its keys replace ours. */
    public VssDocument overlaid(VssDocument overlay) {
        ObjectNode merged = root.deepCopy();
        mergeChildren(merged, overlay.root);
        return new VssDocument(source + " + " + overlay.source, merged);
    }

    private static void mergeChildren(ObjectNode into, ObjectNode from) {
        for (Map.Entry<String, JsonNode> child : from.properties()) {
            if (into.get(child.getKey()) instanceof ObjectNode ours && child.getValue() instanceof ObjectNode theirs) {
                mergeNode(ours, theirs);
            } else {
                into.set(child.getKey(), child.getValue().deepCopy());
            }
        }
    }

    private static void mergeNode(ObjectNode ours, ObjectNode theirs) {
        for (Map.Entry<String, JsonNode> key : theirs.properties()) {
            if (!key.getKey().equals(CHILDREN)) {
                ours.set(key.getKey(), key.getValue().deepCopy());
            } else if (key.getValue() instanceof ObjectNode children) {
                mergeChildren(ours.withObjectProperty(CHILDREN), children);
            }
        }
    }

    public String source() {
        return source;
    }

    /** Visits every node, branches before what they hold, in the order of the file. */
    public void walk(BiConsumer<String, ObjectNode> visitor) {
        int[] nodes = {0};
        walk("", root, 1, nodes, visitor);
    }

    private void walk(String prefix, ObjectNode level, int depth, int[] nodes, BiConsumer<String, ObjectNode> visitor) {
        for (Map.Entry<String, JsonNode> entry : level.properties()) {
            String path = prefix.isEmpty() ? entry.getKey() : prefix + "." + entry.getKey();
            if (!(entry.getValue() instanceof ObjectNode node)) {
                throw new VssException(source, path, "must be a JSON object");
            }
            if (depth > MAX_DEPTH || ++nodes[0] > MAX_NODES) {
                throw new VssException(
                        source, path, "tree deeper than " + MAX_DEPTH + " or more than " + MAX_NODES + " nodes");
            }
            visitor.accept(path, node);
            if (node.get(CHILDREN) instanceof ObjectNode children) {
                walk(path, children, depth + 1, nodes, visitor);
            } else if (node.has(CHILDREN)) {
                throw new VssException(source, path, "'children' must be a JSON object");
            }
        }
    }

    /** The tree of leaves this document describes. */
    public SignalTree tree() {
        return new VssReader(this).tree();
    }
}

package dev.bulkhead.agent.host;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A private directory in memory: files and folders by path, bounded in bytes and in number. Gone with the instance. Strand only. */
final class ScratchTree {
    static final int MOST_BYTES = 1 << 20;
    static final int MOST_ENTRIES = 256;

    /** What an entry costs besides its bytes. */
    private static final int ENTRY_COST = 256;

    /** A file, or a folder when it has no content. Its bytes stay while a descriptor holds it, as a file's do that was unlinked. */
    static final class Node {
        private byte @Nullable [] content;
        private int size;

        private Node(boolean folder) {
            content = folder ? null : new byte[0];
        }

        boolean folder() {
            return content == null;
        }

        int size() {
            return size;
        }

        /** Copies from {@code offset} on; gives how many bytes there were. */
        int read(long offset, byte[] target) {
            byte[] bytes = content;
            if (bytes == null || offset >= size) {
                return 0;
            }
            int count = Math.min(target.length, size - (int) offset);
            System.arraycopy(bytes, (int) offset, target, 0, count);
            return count;
        }
    }

    private final NavigableMap<String, Node> nodes = new TreeMap<>();
    private final HeldMemory budget;
    private long held;

    /** @param budget pays for what is in it */
    ScratchTree(HeldMemory budget) {
        this.budget = budget;
        nodes.put("", new Node(true));
    }

    /** The path within the tree, without dots; null when it leads out of it. */
    static @Nullable String resolve(String path) {
        List<String> steps = new ArrayList<>();
        for (String step : path.split("/", -1)) {
            if (step.equals("..")) {
                if (steps.isEmpty()) {
                    return null;
                }
                steps.removeLast();
            } else if (!step.isEmpty() && !step.equals(".")) {
                steps.add(step);
            }
        }
        return String.join("/", steps);
    }

    private static String parent(String path) {
        int slash = path.lastIndexOf('/');
        return slash < 0 ? "" : path.substring(0, slash);
    }

    @Nullable
    Node find(String path) {
        return nodes.get(path);
    }

    /** Whether the folder that would hold the path is there. */
    boolean hasParent(String path) {
        Node parent = nodes.get(parent(path));
        return parent != null && parent.folder();
    }

    /** A new file or folder where there is none and its parent is; null when there is no room. */
    @Nullable
    Node make(String path, boolean folder) {
        if (nodes.size() >= MOST_ENTRIES || !take(ENTRY_COST)) {
            return null;
        }
        Node node = new Node(folder);
        nodes.put(path, node);
        return node;
    }

    private boolean take(long bytes) {
        if (held + bytes > MOST_BYTES || !budget.take(bytes)) {
            return false;
        }
        held += bytes;
        return true;
    }

    private void give(long bytes) {
        held -= bytes;
        budget.give(bytes);
    }

    /** Writes at an offset, which may lie beyond the end; false when there is no room. */
    boolean write(Node node, long offset, byte[] bytes) {
        byte[] content = node.content;
        long end = offset + bytes.length;
        if (content == null || end > MOST_BYTES) {
            return false;
        }
        if (end > content.length && !grow(node, content, (int) end)) {
            return false;
        }
        System.arraycopy(bytes, 0, node.content, (int) offset, bytes.length);
        node.size = Math.max(node.size, (int) end);
        return true;
    }

    private boolean grow(Node node, byte[] content, int wanted) {
        int length = (int) Math.min(MOST_BYTES, Math.max(wanted, content.length * 2L));
        if (!take(length - content.length)) {
            length = wanted;
            if (!take(length - content.length)) {
                return false;
            }
        }
        node.content = Arrays.copyOf(content, length);
        return true;
    }

    void truncate(Node node) {
        byte[] content = node.content;
        if (content != null) {
            give(content.length);
            node.content = new byte[0];
            node.size = 0;
        }
    }

    /** Names and nodes directly in a folder, in order. */
    NavigableMap<String, Node> list(String folder) {
        NavigableMap<String, Node> found = new TreeMap<>();
        nodes.forEach((path, node) -> {
            if (!path.isEmpty() && parent(path).equals(folder)) {
                found.put(path.substring(path.lastIndexOf('/') + 1), node);
            }
        });
        return found;
    }

    /** Takes an entry out; its bytes are given back at once, a descriptor that still has it finds it empty. */
    void remove(String path) {
        Node node = nodes.remove(path);
        if (node != null) {
            truncate(node);
            give(ENTRY_COST);
        }
    }

    /** Moves an entry and everything in it; the target must not be within the source. */
    void move(String from, String to) {
        NavigableMap<String, Node> moved = new TreeMap<>();
        nodes.forEach((path, node) -> {
            if (path.equals(from) || path.startsWith(from + "/")) {
                moved.put(path, node);
            }
        });
        moved.keySet().forEach(nodes::remove);
        moved.forEach((path, node) -> nodes.put(to + path.substring(from.length()), node));
    }

    /** Bytes it takes, entries counted too. */
    long held() {
        return held;
    }
}

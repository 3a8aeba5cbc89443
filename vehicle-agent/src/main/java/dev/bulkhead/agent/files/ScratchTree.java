package dev.bulkhead.agent.files;

import dev.bulkhead.agent.sandbox.GuestMemory;
import java.util.Arrays;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A private directory in memory: files and folders by path, bounded in bytes and in number. Gone with the instance. Strand only. */
final class ScratchTree implements Volume {
    static final int MOST_BYTES = 1 << 20;
    static final int MOST_ENTRIES = 256;

    /** What an entry costs besides its bytes. */
    private static final int ENTRY_COST = 256;

    /** A file, or a folder when it has no content. One that was taken out keeps its bytes for as long as a descriptor has it. */
    static final class Node implements FileNode {
        private final int number;
        private byte @Nullable [] content;
        private int size;
        private int descriptors;
        private boolean takenOut;

        private Node(int number, boolean folder) {
            this.number = number;
            content = folder ? null : new byte[0];
        }

        @Override
        public boolean folder() {
            return content == null;
        }

        @Override
        public int size() {
            return size;
        }

        @Override
        public int number() {
            return number;
        }

        @Override
        public int copy(long offset, GuestMemory memory, int address, int length) {
            byte[] bytes = content;
            if (bytes == null || offset >= size) {
                return 0;
            }
            int count = Math.min(length, size - (int) offset);
            memory.write(address, bytes, (int) offset, count);
            return count;
        }
    }

    private final NavigableMap<String, Node> nodes = new TreeMap<>();
    private final MemoryPurse purse;
    private int numbers;
    private long held;

    /** @param purse pays for what is in it */
    ScratchTree(MemoryPurse purse) {
        this.purse = purse;
        nodes.put("", new Node(numbers++, true));
    }

    @Override
    public String mountPoint() {
        return "/";
    }

    @Override
    public int device() {
        return 1;
    }

    private static String parent(String path) {
        int slash = path.lastIndexOf('/');
        return slash < 0 ? "" : path.substring(0, slash);
    }

    @Override
    public @Nullable Node find(String path) {
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
        Node node = new Node(numbers++, folder);
        nodes.put(path, node);
        return node;
    }

    private boolean take(long bytes) {
        if (held + bytes > MOST_BYTES || !purse.take(bytes)) {
            return false;
        }
        held += bytes;
        return true;
    }

    private void give(long bytes) {
        held -= bytes;
        purse.give(bytes);
    }

    /** Writes at an offset, which may lie beyond the end; false when there is no room. */
    boolean write(FileNode file, long offset, byte[] bytes) {
        long end = offset + bytes.length;
        if (!(file instanceof Node node) || node.content == null || end > MOST_BYTES) {
            return false;
        }
        if (end > node.content.length && !grow(node, node.content, (int) end)) {
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

    void truncate(FileNode file) {
        if (file instanceof Node node && node.content != null) {
            give(node.content.length);
            node.content = new byte[0];
            node.size = 0;
        }
    }

    @Override
    public Stream<Listed> list(String folder) {
        return nodes.entrySet().stream()
                .filter(each ->
                        !each.getKey().isEmpty() && parent(each.getKey()).equals(folder))
                .map(each -> new Listed(each.getKey().substring(each.getKey().lastIndexOf('/') + 1), each.getValue()));
    }

    @Override
    public void opened(FileNode node) {
        if (node instanceof Node mine) {
            mine.descriptors++;
        }
    }

    @Override
    public void closed(FileNode node) {
        if (node instanceof Node mine) {
            mine.descriptors--;
            giveBack(mine);
        }
    }

    /** Takes an entry out; its bytes are given back with the last descriptor that has it. */
    void remove(String path) {
        Node node = nodes.remove(path);
        if (node != null) {
            node.takenOut = true;
            giveBack(node);
        }
    }

    private void giveBack(Node node) {
        if (node.takenOut && node.descriptors == 0) {
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

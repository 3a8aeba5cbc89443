package dev.bulkhead.security.audit.merkle;

import java.util.ArrayList;
import java.util.List;

/** A tree that only grows and keeps only its right edge: O(log n) memory. Not thread-safe. */
public final class GrowingTree {
    private final TreeHasher hasher = new TreeHasher();
    private final List<Hash> edge = new ArrayList<>();
    private long size;

    /** The root over all {@code leaves} in order; a short way for a list that is at hand. */
    public static Hash rootOf(Iterable<byte[]> leaves) {
        var tree = new GrowingTree();
        for (byte[] leaf : leaves) {
            tree.appendLeaf(tree.hasher.leaf(leaf));
        }
        return tree.root();
    }

    /** Adds a leaf by its hash. */
    public void appendLeaf(Hash leafHash) {
        Hash subtree = leafHash;
        for (long rest = size; (rest & 1) == 1; rest >>>= 1) {
            subtree = hasher.node(edge.removeLast(), subtree);
        }
        edge.add(subtree);
        size++;
    }

    /** The number of leaves. */
    public long size() {
        return size;
    }

    /** The root over all leaves so far. */
    public Hash root() {
        if (edge.isEmpty()) {
            return hasher.empty();
        }
        Hash root = edge.getLast();
        for (int i = edge.size() - 2; i >= 0; i--) {
            root = hasher.node(edge.get(i), root);
        }
        return root;
    }
}

package dev.bulkhead.hal.signal;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/** The vehicle's VSS tree: every leaf, by path and by dense id. Immutable. Read one with {@link VssDocument}. */
public final class SignalTree {
    private final List<SignalLeaf> leaves;
    private final Map<String, SignalLeaf> byPath;
    private final Map<String, String> branches;

    SignalTree(List<SignalLeaf> leaves, Map<String, String> branches) {
        this.leaves = List.copyOf(leaves);
        this.branches = Map.copyOf(branches);
        Map<String, SignalLeaf> paths = HashMap.newHashMap(leaves.size());
        for (int i = 0; i < leaves.size(); i++) {
            SignalLeaf leaf = leaves.get(i);
            if (leaf.id() != i || paths.put(leaf.path(), leaf) != null) {
                throw new IllegalArgumentException("leaf " + leaf.path() + " breaks the order of ids");
            }
        }
        this.byPath = Map.copyOf(paths);
    }

    /** All leaves, in the order of their ids. */
    public List<SignalLeaf> leaves() {
        return leaves;
    }

    public int size() {
        return leaves.size();
    }

    /** How many branches the tree has, its root included. */
    public int branchCount() {
        return branches.size();
    }

    public boolean isBranch(String path) {
        return branches.containsKey(path);
    }

    public long count(LeafKind kind) {
        return leaves.stream().filter(leaf -> leaf.kind() == kind).count();
    }

    public Optional<SignalLeaf> find(String path) {
        return Optional.ofNullable(byPath.get(path));
    }

    public SignalLeaf leaf(int id) {
        return leaves.get(id);
    }

    /** Every leaf whose path {@code wanted} accepts, in the order of ids. */
    public List<SignalLeaf> matching(Predicate<String> wanted) {
        List<SignalLeaf> found = new ArrayList<>();
        for (SignalLeaf leaf : leaves) {
            if (wanted.test(leaf.path())) {
                found.add(leaf);
            }
        }
        return found;
    }
}

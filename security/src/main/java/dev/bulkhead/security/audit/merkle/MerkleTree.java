package dev.bulkhead.security.audit.merkle;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Roots and proofs of RFC 6962 section 2.1 over a tree of {@code size} leaves whose subtrees someone keeps. Each answer
 * asks for O(log² n) subtree hashes. Not thread-safe.
 */
public final class MerkleTree {
    private final TreeHasher hasher = new TreeHasher();
    private final SubtreeHashes subtrees;
    private final long size;

    /** A view of the first {@code size} leaves. */
    public MerkleTree(SubtreeHashes subtrees, long size) {
        if (size < 0) {
            throw new IllegalArgumentException("a tree cannot have " + size + " leaves");
        }
        this.subtrees = subtrees;
        this.size = size;
    }

    /** The number of leaves. */
    public long size() {
        return size;
    }

    /** The root over all leaves. */
    public Hash root() {
        return size == 0 ? hasher.empty() : range(0, size);
    }

    /**
     * The hashes that lead from leaf {@code index} to the root, from the bottom up.
     *
     * @throws IndexOutOfBoundsException if there is no such leaf
     */
    public List<Hash> inclusionProof(long index) {
        Objects.checkIndex(index, size);
        List<Hash> proof = new ArrayList<>();
        long low = 0;
        long high = size;
        while (high - low > 1) {
            long middle = low + split(high - low);
            if (index < middle) {
                proof.addFirst(range(middle, high));
                high = middle;
            } else {
                proof.addFirst(range(low, middle));
                low = middle;
            }
        }
        return proof;
    }

    /**
     * The hashes that prove that the tree of the first {@code oldSize} leaves is a prefix of this one.
     *
     * @throws IndexOutOfBoundsException if {@code oldSize} is negative or larger than this tree
     */
    public List<Hash> consistencyProof(long oldSize) {
        if (oldSize < 0 || oldSize > size) {
            throw new IndexOutOfBoundsException("no tree of " + oldSize + " leaves is a prefix of one of " + size);
        }
        if (oldSize == 0 || oldSize == size) {
            return List.of();
        }
        return subproof(oldSize);
    }

    private List<Hash> subproof(long oldSize) {
        List<Hash> proof = new ArrayList<>();
        long low = 0;
        long high = size;
        boolean oldRootKnown = true;
        while (high != oldSize) {
            long middle = low + split(high - low);
            if (oldSize <= middle) {
                proof.addFirst(range(middle, high));
                high = middle;
            } else {
                proof.addFirst(range(low, middle));
                low = middle;
                oldRootKnown = false;
            }
        }
        if (!oldRootKnown) {
            proof.addFirst(range(low, high));
        }
        return proof;
    }

    private Hash range(long low, long high) {
        long length = high - low;
        if (Long.bitCount(length) == 1) {
            int level = Long.numberOfTrailingZeros(length);
            return subtrees.at(level, low >>> level);
        }
        long middle = low + split(length);
        return hasher.node(range(low, middle), range(middle, high));
    }

    /** The largest power of two below {@code length}, which is at least 2. */
    private static long split(long length) {
        return Long.highestOneBit(length - 1);
    }
}

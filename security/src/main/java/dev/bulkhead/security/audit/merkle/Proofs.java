package dev.bulkhead.security.audit.merkle;

import java.util.List;

/**
 * Checks of proofs that somebody else made (RFC 9162 sections 2.1.3.2 and 2.1.4.2, same tree as RFC 6962). A wrong
 * proof is a {@code false}, never an exception. Thread-safe.
 */
public final class Proofs {
    private Proofs() {}

    /** Whether {@code proof} shows that {@code leafHash} stands at {@code index} in the tree with this size and root. */
    public static boolean includes(long index, Hash leafHash, long size, Hash root, List<Hash> proof) {
        if (index < 0 || index >= size) {
            return false;
        }
        var hasher = new TreeHasher();
        long position = index;
        long last = size - 1;
        Hash hash = leafHash;
        for (Hash sibling : proof) {
            if (last == 0) {
                return false;
            }
            if ((position & 1) == 1 || position == last) {
                hash = hasher.node(sibling, hash);
                while ((position & 1) == 0 && position != 0) {
                    position >>>= 1;
                    last >>>= 1;
                }
            } else {
                hash = hasher.node(hash, sibling);
            }
            position >>>= 1;
            last >>>= 1;
        }
        return last == 0 && hash.equals(root);
    }

    /** Whether {@code proof} shows that the tree with the old size and root is a prefix of the new one. */
    public static boolean consistent(long oldSize, Hash oldRoot, long newSize, Hash newRoot, List<Hash> proof) {
        if (oldSize < 0 || oldSize > newSize) {
            return false;
        }
        if (oldSize == newSize) {
            return proof.isEmpty() && oldRoot.equals(newRoot);
        }
        if (oldSize == 0) {
            return proof.isEmpty() && oldRoot.equals(new TreeHasher().empty());
        }
        return walk(oldSize, oldRoot, newSize, newRoot, proof);
    }

    private static boolean walk(long oldSize, Hash oldRoot, long newSize, Hash newRoot, List<Hash> proof) {
        boolean wholeSubtree = Long.bitCount(oldSize) == 1;
        if (!wholeSubtree && proof.isEmpty()) {
            return false;
        }
        var hasher = new TreeHasher();
        int skip = Long.numberOfTrailingZeros(oldSize);
        long position = (oldSize - 1) >>> skip;
        long last = (newSize - 1) >>> skip;
        Hash oldHash = wholeSubtree ? oldRoot : proof.getFirst();
        Hash newHash = oldHash;
        for (Hash sibling : wholeSubtree ? proof : proof.subList(1, proof.size())) {
            if (last == 0) {
                return false;
            }
            if ((position & 1) == 1 || position == last) {
                oldHash = hasher.node(sibling, oldHash);
                newHash = hasher.node(sibling, newHash);
                while ((position & 1) == 0 && position != 0) {
                    position >>>= 1;
                    last >>>= 1;
                }
            } else {
                newHash = hasher.node(newHash, sibling);
            }
            position >>>= 1;
            last >>>= 1;
        }
        return last == 0 && oldHash.equals(oldRoot) && newHash.equals(newRoot);
    }
}

package dev.bulkhead.security.audit.merkle;

/** Where proofs take the hashes of complete subtrees from. */
@FunctionalInterface
public interface SubtreeHashes {
    /**
     * The hash over the leaves {@code [index << level, (index + 1) << level)}, all of which exist.
     *
     * @throws MerkleException if the hash is missing or damaged
     */
    Hash at(int level, long index);
}

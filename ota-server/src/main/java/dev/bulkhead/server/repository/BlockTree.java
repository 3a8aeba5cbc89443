package dev.bulkhead.server.repository;

import dev.bulkhead.security.audit.merkle.GrowingTree;
import dev.bulkhead.security.audit.merkle.Hash;
import dev.bulkhead.security.audit.merkle.MerkleTree;
import dev.bulkhead.security.audit.merkle.TreeHasher;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;

/**
 * The RFC 6962 tree over a file's blocks: its root is signed in the targets metadata, and each block comes with its proof,
 * so that it can be verified alone. Immutable.
 */
public final class BlockTree {
    /** Bytes in a block, by convention. */
    public static final int BLOCK_SIZE = 128 << 10;

    private final List<Hash> leaves;

    private BlockTree(List<Hash> leaves) {
        if (leaves.isEmpty()) {
            throw new IllegalArgumentException("a file without bytes has no blocks");
        }
        this.leaves = List.copyOf(leaves);
    }

    /** Reads a file to its end. */
    public static BlockTree read(InputStream file, int blockSize) throws IOException {
        TreeHasher hasher = new TreeHasher();
        List<Hash> leaves = new ArrayList<>();
        for (byte[] block = file.readNBytes(blockSize); block.length > 0; block = file.readNBytes(blockSize)) {
            leaves.add(hasher.leaf(block));
        }
        return new BlockTree(leaves);
    }

    /** The tree of stored leaf hashes, 32 bytes each. */
    static BlockTree ofLeafHashes(byte[] run) {
        List<Hash> leaves = new ArrayList<>(run.length / Hash.SIZE);
        for (int offset = 0; offset < run.length; offset += Hash.SIZE) {
            leaves.add(Hash.at(run, offset));
        }
        return new BlockTree(leaves);
    }

    /** The leaf hashes, one after the other. */
    byte[] leafHashes() {
        byte[] run = new byte[leaves.size() * Hash.SIZE];
        for (int i = 0; i < leaves.size(); i++) {
            leaves.get(i).copyTo(run, i * Hash.SIZE);
        }
        return run;
    }

    /** Number of blocks. */
    public int blocks() {
        return leaves.size();
    }

    /** The root that gets signed. */
    public Hash root() {
        return subtree(0, leaves.size());
    }

    /** The hashes from a block's leaf to the root, from the bottom up. */
    public List<Hash> proof(int index) {
        return new MerkleTree(
                        (level, subtree) ->
                                subtree(Math.toIntExact(subtree << level), Math.toIntExact((subtree + 1) << level)),
                        leaves.size())
                .inclusionProof(index);
    }

    private Hash subtree(int from, int to) {
        GrowingTree tree = new GrowingTree();
        leaves.subList(from, to).forEach(tree::appendLeaf);
        return tree.root();
    }
}

package dev.bulkhead.security.audit.merkle;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * The hashes of RFC 6962 section 2.1: a leaf is {@code SHA-256(0x00 ‖ data)}, a node {@code SHA-256(0x01 ‖ left ‖
 * right)}. Not thread-safe; make one for each thread.
 */
public final class TreeHasher {
    private static final byte LEAF = 0;
    private static final byte NODE = 1;

    private final MessageDigest sha256;

    /** A hasher of its own. */
    public TreeHasher() {
        try {
            this.sha256 = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java platform has SHA-256", impossible);
        }
    }

    /** The root of the empty tree. */
    public Hash empty() {
        return Hash.owning(sha256.digest());
    }

    /** The hash of a leaf. */
    public Hash leaf(byte[] data) {
        return leaf(data, 0, data.length);
    }

    /** The hash of the leaf {@code data[offset, offset + length)}. */
    public Hash leaf(byte[] data, int offset, int length) {
        sha256.update(LEAF);
        sha256.update(data, offset, length);
        return Hash.owning(sha256.digest());
    }

    /** The hash over two subtrees. */
    public Hash node(Hash left, Hash right) {
        sha256.update(NODE);
        sha256.update(left.raw());
        sha256.update(right.raw());
        return Hash.owning(sha256.digest());
    }
}

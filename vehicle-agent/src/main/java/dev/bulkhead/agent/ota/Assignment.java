package dev.bulkhead.agent.ota;

import dev.bulkhead.agent.lifecycle.ReleaseRef;
import dev.bulkhead.security.audit.merkle.Hash;
import java.util.Objects;

/**
 * One thing this vehicle should run, as verified director and image metadata say it: only a {@link TrustGate} makes these.
 *
 * @param id the fleet's name for this order, at most 128 characters
 * @param release what the package must turn out to be
 * @param length of the package file, in bytes
 * @param blockSize in bytes
 * @param blocksRoot signed RFC 6962 root over the blocks
 */
public record Assignment(String id, ReleaseRef release, long length, int blockSize, Hash blocksRoot) {
    private static final int MOST_ID = 128;

    public Assignment {
        Objects.requireNonNull(release, "release");
        Objects.requireNonNull(blocksRoot, "blocksRoot");
        if (id.isEmpty() || id.length() > MOST_ID) {
            throw new IllegalArgumentException(
                    "an assignment id has 1.." + MOST_ID + " characters, not " + id.length());
        }
        new BlockLayout(length, blockSize);
    }

    BlockLayout layout() {
        return new BlockLayout(length, blockSize);
    }

    /** SHA-256 of the package file, lower-case hex. */
    String sha256() {
        return release.packageDigest();
    }
}

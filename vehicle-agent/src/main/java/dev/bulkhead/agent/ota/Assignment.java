package dev.bulkhead.agent.ota;

import dev.bulkhead.agent.lifecycle.ReleaseRef;
import dev.bulkhead.security.audit.merkle.Hash;
import java.util.Objects;
import java.util.Optional;

/**
 * One thing this vehicle should run, as verified director and image metadata say it: only a {@link TrustGate} makes these.
 *
 * @param id the fleet's name for this order, at most 128 characters
 * @param release what the package must turn out to be
 * @param length of the package file, in bytes
 * @param blockSize in bytes
 * @param blocksRoot signed RFC 6962 root over the blocks
 * @param ensemble what the fleet calls the assignments that are to be taken over as one, all or none; at most 128 characters
 */
public record Assignment(
        String id, ReleaseRef release, long length, int blockSize, Hash blocksRoot, Optional<String> ensemble) {
    private static final int MOST_ID = 128;

    public Assignment {
        Objects.requireNonNull(release, "release");
        Objects.requireNonNull(blocksRoot, "blocksRoot");
        if (id.isEmpty() || id.length() > MOST_ID) {
            throw new IllegalArgumentException(
                    "an assignment id has 1.." + MOST_ID + " characters, not " + id.length());
        }
        if (ensemble.filter(name -> name.isEmpty() || name.length() > MOST_ID).isPresent()) {
            throw new IllegalArgumentException("an ensemble id has 1.." + MOST_ID + " characters");
        }
        new BlockLayout(length, blockSize);
    }

    /** One that stands alone. */
    Assignment(String id, ReleaseRef release, long length, int blockSize, Hash blocksRoot) {
        this(id, release, length, blockSize, blocksRoot, Optional.empty());
    }

    /** Whether the two are to be taken over as one. */
    boolean goesWith(Assignment other) {
        return ensemble.isPresent() && ensemble.equals(other.ensemble);
    }

    BlockLayout layout() {
        return new BlockLayout(length, blockSize);
    }

    /** SHA-256 of the package file, lower-case hex. */
    String sha256() {
        return release.packageDigest();
    }
}

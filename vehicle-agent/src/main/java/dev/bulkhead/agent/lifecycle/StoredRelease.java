package dev.bulkhead.agent.lifecycle;

import java.util.Objects;

/**
 * A verified package that is stored.
 *
 * @param moduleDigest SHA-256 of the module, lower-case hex
 * @param vendor who signed it
 * @param length of the package file, in bytes
 */
public record StoredRelease(ReleaseRef release, String moduleDigest, String vendor, long length) {
    public StoredRelease {
        Objects.requireNonNull(release, "release");
        Objects.requireNonNull(moduleDigest, "moduleDigest");
        Objects.requireNonNull(vendor, "vendor");
    }
}

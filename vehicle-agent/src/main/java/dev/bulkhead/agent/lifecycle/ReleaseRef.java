package dev.bulkhead.agent.lifecycle;

import dev.bulkhead.contract.pack.Digest;
import java.util.Objects;

/**
 * One release of one app, named so that it can be compared and found again.
 *
 * @param appId reverse-DNS app id
 * @param version SemVer text, for people
 * @param release counter that only ever rises, at least 0 (package.md)
 * @param packageDigest SHA-256 of the package file, 64 lower-case hex digits
 */
public record ReleaseRef(String appId, String version, long release, String packageDigest) {
    public ReleaseRef {
        Objects.requireNonNull(appId, "appId");
        Objects.requireNonNull(version, "version");
        if (release < 0) {
            throw new IllegalArgumentException("release " + release + " of " + appId + " is below 0");
        }
        if (!Digest.isHex(packageDigest)) {
            throw new IllegalArgumentException("package digest of " + appId + " is not 64 lower-case hex digits");
        }
    }

    /** Stands for the release of an app that is known, while its own cannot be read any more. */
    static ReleaseRef unknown(String appId) {
        return new ReleaseRef(appId, "unknown", 0, "0".repeat(64));
    }

    @Override
    public String toString() {
        return appId + " " + version + " (release " + release + ")";
    }
}

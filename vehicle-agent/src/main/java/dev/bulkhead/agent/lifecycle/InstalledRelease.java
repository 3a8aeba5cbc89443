package dev.bulkhead.agent.lifecycle;

import java.util.Objects;

/**
 * What the vehicle says it has, for the signed version manifest.
 *
 * @param release the release that runs, or would run if the app were started
 * @param moduleDigest SHA-256 of the wasm module, lower-case hex
 * @param length of the package file, in bytes
 * @param phase the app's phase in lower case: {@code running}, {@code quarantined}, …
 */
public record InstalledRelease(ReleaseRef release, String moduleDigest, long length, String phase) {
    public InstalledRelease {
        Objects.requireNonNull(release, "release");
        Objects.requireNonNull(moduleDigest, "moduleDigest");
        Objects.requireNonNull(phase, "phase");
    }
}

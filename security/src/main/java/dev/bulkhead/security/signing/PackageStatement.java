package dev.bulkhead.security.signing;

import dev.bulkhead.security.Bytes;
import java.util.Objects;

/**
 * What a vendor signs about one package (package.md, version 1).
 *
 * @param appId the app's id
 * @param version SemVer text
 * @param release counter, at least 1, only ever rises
 * @param packageDigest SHA-256 of the OCI image manifest, which names every other part by its digest
 * @param moduleDigest SHA-256 of the WebAssembly module
 * @param manifestDigest SHA-256 of {@code app.toml}
 */
public record PackageStatement(
        String appId, String version, long release, Bytes packageDigest, Bytes moduleDigest, Bytes manifestDigest) {
    /** Payload type of the envelope. */
    public static final String PAYLOAD_TYPE = "application/vnd.bulkhead.package.v1+json";

    public PackageStatement {
        Objects.requireNonNull(appId, "appId");
        Objects.requireNonNull(version, "version");
        if (release < 1) {
            throw new IllegalArgumentException("release " + release + " of " + appId + ", wants at least 1");
        }
        requireSha256(packageDigest, "packageDigest");
        requireSha256(moduleDigest, "moduleDigest");
        requireSha256(manifestDigest, "manifestDigest");
    }

    private static void requireSha256(Bytes digest, String name) {
        if (digest.size() != 32) {
            throw new IllegalArgumentException(name + " has " + digest.size() + " bytes, SHA-256 has 32");
        }
    }
}

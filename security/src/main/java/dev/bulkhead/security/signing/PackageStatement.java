package dev.bulkhead.security.signing;

import dev.bulkhead.contract.manifest.Manifest;
import dev.bulkhead.contract.manifest.ManifestParser;
import dev.bulkhead.contract.pack.AppPackage;
import dev.bulkhead.contract.pack.Digest;
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

    /**
     * What a package in hand really is.
     *
     * @throws dev.bulkhead.contract.manifest.ManifestException when its manifest has mistakes
     */
    public static PackageStatement of(AppPackage app) {
        Manifest manifest = ManifestParser.parse(app.manifest().bytes(), "app.toml");
        return new PackageStatement(
                manifest.app().id().text(),
                manifest.app().version().toString(),
                manifest.app().release(),
                bytes(app.packageDigest()),
                bytes(app.module().digest()),
                bytes(app.manifest().digest()));
    }

    private static Bytes bytes(Digest digest) {
        return Bytes.copyOf(digest.bytes());
    }

    private static void requireSha256(Bytes digest, String name) {
        if (digest.size() != 32) {
            throw new IllegalArgumentException(name + " has " + digest.size() + " bytes, SHA-256 has 32");
        }
    }
}

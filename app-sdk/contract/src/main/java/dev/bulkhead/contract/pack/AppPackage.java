package dev.bulkhead.contract.pack;

import dev.bulkhead.contract.manifest.Manifest;
import java.util.Optional;

/**
 * The parts of one package, each byte for byte.
 *
 * @param image the OCI image manifest, which names the other parts by digest
 * @param config the OCI config blob
 * @param module the WebAssembly module
 * @param manifest {@code app.toml}
 * @param assets tar+zstd, opaque here
 * @param sbom CycloneDX JSON, opaque here
 * @param provenance in-toto statement, opaque here
 * @param signature the DSSE envelope; absent in an unsigned package
 */
public record AppPackage(
        Blob image,
        Blob config,
        Blob module,
        Blob manifest,
        Optional<Blob> assets,
        Optional<Blob> sbom,
        Optional<Blob> provenance,
        Optional<Blob> signature) {
    /** What the signature and the audit log call the package's digest: that of the image manifest. */
    public Digest packageDigest() {
        return image.digest();
    }

    /** The same package with this envelope as its signature. */
    public AppPackage signedBy(byte[] envelope) {
        return new AppPackage(
                image, config, module, manifest, assets, sbom, provenance, Optional.of(Blob.copyOf(envelope)));
    }

    /** {@code <app-id>-<version>.sdvapp} */
    public static String fileName(Manifest manifest) {
        return manifest.app().id() + "-" + manifest.app().version() + ".sdvapp";
    }
}

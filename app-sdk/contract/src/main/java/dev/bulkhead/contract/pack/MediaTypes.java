package dev.bulkhead.contract.pack;

/** The media types a package may contain. */
public final class MediaTypes {
    public static final String INDEX = "application/vnd.oci.image.index.v1+json";
    public static final String IMAGE_MANIFEST = "application/vnd.oci.image.manifest.v1+json";
    public static final String CONFIG = "application/vnd.wasm.config.v0+json";
    public static final String MODULE = "application/wasm";
    public static final String APP_MANIFEST = "application/vnd.bulkhead.manifest.v1+toml";
    public static final String ASSETS = "application/vnd.bulkhead.assets.v1.tar+zstd";
    public static final String SBOM = "application/vnd.bulkhead.sbom.v1+json";
    /** An in-toto statement with SLSA provenance. */
    public static final String PROVENANCE = "application/vnd.bulkhead.provenance.v1+json";
    /** Artifact and layer type of the signature. */
    public static final String SIGNATURE = "application/vnd.dsse.envelope.v1+json";
    /** Config of the signature's manifest: the two bytes {@code {}}. */
    public static final String EMPTY = "application/vnd.oci.empty.v1+json";

    private MediaTypes() {}
}

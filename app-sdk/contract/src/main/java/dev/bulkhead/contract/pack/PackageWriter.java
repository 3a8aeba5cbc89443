package dev.bulkhead.contract.pack;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.bulkhead.contract.manifest.Manifest;
import dev.bulkhead.contract.manifest.ManifestException;
import dev.bulkhead.contract.manifest.ManifestParser;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Makes packages. The same inputs give the same bytes. Stateless. */
public final class PackageWriter {
    static final String LAYOUT_FILE = "oci-layout";
    static final String INDEX_FILE = "index.json";
    static final String BLOBS = "blobs/sha256/";
    private static final String TITLE = "org.opencontainers.image.title";

    private PackageWriter() {}

    /**
     * Puts an unsigned package together.
     *
     * @param manifestToml {@code app.toml}, read first so that nothing is packed that no vehicle could read
     * @throws ManifestException when the manifest has mistakes
     */
    public static AppPackage assemble(
            byte[] manifestToml, byte[] module, Optional<byte[]> assets, Optional<byte[]> sbom) {
        return assemble(manifestToml, module, assets, sbom, Optional.empty());
    }

    /** The same with provenance. */
    public static AppPackage assemble(
            byte[] manifestToml,
            byte[] module,
            Optional<byte[]> assets,
            Optional<byte[]> sbom,
            Optional<byte[]> provenance) {
        Manifest manifest = ManifestParser.parse(manifestToml, "app.toml");
        Blob moduleBlob = Blob.copyOf(module);
        Blob manifestBlob = Blob.copyOf(manifestToml);
        Optional<Blob> assetsBlob = assets.map(Blob::copyOf);
        Optional<Blob> sbomBlob = sbom.map(Blob::copyOf);
        Optional<Blob> provenanceBlob = provenance.map(Blob::copyOf);
        Blob config = config(moduleBlob);
        ObjectNode image = OciJson.object()
                .put("schemaVersion", 2)
                .put("mediaType", MediaTypes.IMAGE_MANIFEST)
                .set("config", Descriptor.of(MediaTypes.CONFIG, config).write());
        ArrayNode layers = image.putArray("layers");
        layers.add(layer(MediaTypes.MODULE, moduleBlob, manifest.app().module()));
        layers.add(layer(MediaTypes.APP_MANIFEST, manifestBlob, "app.toml"));
        assetsBlob.ifPresent(blob -> layers.add(layer(MediaTypes.ASSETS, blob, "assets.tar.zst")));
        sbomBlob.ifPresent(blob -> layers.add(layer(MediaTypes.SBOM, blob, "sbom.json")));
        provenanceBlob.ifPresent(blob -> layers.add(layer(MediaTypes.PROVENANCE, blob, "provenance.json")));
        image.putObject("annotations")
                .put(TITLE, manifest.app().id().text())
                .put(
                        "org.opencontainers.image.version",
                        manifest.app().version().toString());
        return new AppPackage(
                OciJson.write(image),
                config,
                moduleBlob,
                manifestBlob,
                assetsBlob,
                sbomBlob,
                provenanceBlob,
                Optional.empty());
    }

    private static Blob config(Blob module) {
        ObjectNode config = OciJson.object().put("architecture", "wasm").put("os", "wasip1");
        config.putArray("layerDigests").add(module.digest().toString());
        return OciJson.write(config);
    }

    private static ObjectNode layer(String mediaType, Blob blob, String title) {
        ObjectNode layer = Descriptor.of(mediaType, blob).write();
        layer.putObject("annotations").put(TITLE, title);
        return layer;
    }

    /** The bytes of the {@code .sdvapp} file. */
    public static byte[] write(AppPackage app) {
        Map<Digest, Blob> blobs = new TreeMap<>();
        ObjectNode index = OciJson.object().put("schemaVersion", 2).put("mediaType", MediaTypes.INDEX);
        ArrayNode manifests = index.putArray("manifests");
        manifests.add(Descriptor.of(MediaTypes.IMAGE_MANIFEST, app.image()).write());
        add(blobs, app.image(), app.config(), app.module(), app.manifest());
        app.assets().ifPresent(blob -> add(blobs, blob));
        app.sbom().ifPresent(blob -> add(blobs, blob));
        app.provenance().ifPresent(blob -> add(blobs, blob));
        app.signature().ifPresent(envelope -> {
            Blob empty = Blob.owning("{}".getBytes(StandardCharsets.US_ASCII));
            Blob referrer = referrer(app.image(), empty, envelope);
            add(blobs, envelope, empty, referrer);
            manifests.add(Descriptor.of(MediaTypes.IMAGE_MANIFEST, referrer)
                    .write()
                    .put("artifactType", MediaTypes.SIGNATURE));
        });
        TarWriter tar = new TarWriter()
                .add(LAYOUT_FILE, "{\"imageLayoutVersion\":\"1.0.0\"}".getBytes(StandardCharsets.US_ASCII))
                .add(INDEX_FILE, OciJson.write(index).bytes());
        blobs.forEach((digest, blob) -> tar.add(BLOBS + digest.hex(), blob.bytes()));
        return tar.finish();
    }

    private static void add(Map<Digest, Blob> blobs, Blob... more) {
        for (Blob blob : more) {
            blobs.put(blob.digest(), blob);
        }
    }

    private static Blob referrer(Blob image, Blob empty, Blob envelope) {
        ObjectNode referrer = OciJson.object()
                .put("schemaVersion", 2)
                .put("mediaType", MediaTypes.IMAGE_MANIFEST)
                .put("artifactType", MediaTypes.SIGNATURE)
                .set("config", Descriptor.of(MediaTypes.EMPTY, empty).write());
        referrer.putArray("layers")
                .add(Descriptor.of(MediaTypes.SIGNATURE, envelope).write());
        referrer.set("subject", Descriptor.of(MediaTypes.IMAGE_MANIFEST, image).write());
        return OciJson.write(referrer);
    }
}

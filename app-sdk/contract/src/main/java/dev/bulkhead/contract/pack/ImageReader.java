package dev.bulkhead.contract.pack;

import com.fasterxml.jackson.databind.JsonNode;
import dev.bulkhead.contract.pack.PackageException.Reason;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads the image manifest and the signature that refers to it. */
final class ImageReader {
    private static final int MOST_CONFIG = 4_096;

    private final BlobShelf shelf;
    private final PackageLimits limits;

    private ImageReader(BlobShelf shelf, PackageLimits limits) {
        this.shelf = shelf;
        this.limits = limits;
    }

    /** @param manifests one or two image manifests; the one with a subject is the signature */
    static AppPackage read(BlobShelf shelf, List<Descriptor> manifests, PackageLimits limits) {
        ImageReader reader = new ImageReader(shelf, limits);
        AppPackage app = null;
        JsonNode referrer = null;
        for (Descriptor descriptor : manifests) {
            Blob blob = shelf.take(descriptor, PackageLimits.JSON_BYTES, "an image manifest");
            JsonNode json = OciJson.read(blob.bytes(), "image manifest");
            OciJson.expect(json, MediaTypes.IMAGE_MANIFEST, "image manifest");
            boolean signature = json.path("subject").isObject();
            if (signature ? referrer != null : app != null) {
                throw new PackageException(
                        Reason.DUPLICATE, "index.json names two " + (signature ? "signatures" : "images"));
            }
            if (signature) {
                referrer = json;
            } else {
                app = reader.image(blob, json);
            }
        }
        if (app == null) {
            throw new PackageException(Reason.MISSING, "index.json names no image");
        }
        return referrer == null
                ? app
                : app.signedBy(reader.signature(referrer, app.image()).bytes());
    }

    private AppPackage image(Blob blob, JsonNode json) {
        Descriptor config = Descriptor.read(json.path("config"), "image manifest");
        if (!config.mediaType().equals(MediaTypes.CONFIG)) {
            throw new PackageException(
                    Reason.UNKNOWN_MEDIA_TYPE,
                    "the config has media type '" + config.mediaType() + "', expected " + MediaTypes.CONFIG);
        }
        Blob configBlob = shelf.take(config, MOST_CONFIG, "the config");
        Map<String, Blob> layers = layers(json.path("layers"));
        return new AppPackage(
                blob,
                configBlob,
                required(layers, MediaTypes.MODULE),
                required(layers, MediaTypes.APP_MANIFEST),
                Optional.ofNullable(layers.get(MediaTypes.ASSETS)),
                Optional.ofNullable(layers.get(MediaTypes.SBOM)),
                Optional.ofNullable(layers.get(MediaTypes.PROVENANCE)),
                Optional.empty());
    }

    private Map<String, Blob> layers(JsonNode array) {
        Map<String, Blob> layers = new HashMap<>();
        if (!array.isArray()) {
            throw new PackageException(Reason.BAD_JSON, "the image manifest has no layers");
        }
        for (JsonNode node : array) {
            Descriptor layer = Descriptor.read(node, "image manifest");
            Blob blob = shelf.take(layer, limit(layer.mediaType()), "the layer " + layer.mediaType());
            if (layers.put(layer.mediaType(), blob) != null) {
                throw new PackageException(Reason.DUPLICATE, "two layers " + layer.mediaType());
            }
        }
        return layers;
    }

    private int limit(String mediaType) {
        return switch (mediaType) {
            case MediaTypes.MODULE -> limits.moduleBytes();
            case MediaTypes.APP_MANIFEST -> limits.manifestBytes();
            case MediaTypes.ASSETS -> limits.assetsBytes();
            case MediaTypes.SBOM -> limits.sbomBytes();
            case MediaTypes.PROVENANCE -> PackageLimits.PROVENANCE_BYTES;
            default ->
                throw new PackageException(Reason.UNKNOWN_MEDIA_TYPE, "a layer has media type '" + mediaType + "'");
        };
    }

    private static Blob required(Map<String, Blob> layers, String mediaType) {
        Blob blob = layers.get(mediaType);
        if (blob == null) {
            throw new PackageException(Reason.MISSING, "there is no layer " + mediaType);
        }
        return blob;
    }

    private Blob signature(JsonNode referrer, Blob image) {
        Descriptor subject = Descriptor.read(referrer.path("subject"), "signature manifest");
        if (!subject.equals(Descriptor.of(MediaTypes.IMAGE_MANIFEST, image))) {
            throw new PackageException(
                    Reason.DIGEST_MISMATCH,
                    "the signature refers to " + subject.digest() + ", the image is " + image.digest());
        }
        Descriptor config = Descriptor.read(referrer.path("config"), "signature manifest");
        JsonNode layers = referrer.path("layers");
        if (!layers.isArray() || layers.size() != 1) {
            throw new PackageException(Reason.BAD_JSON, "the signature manifest has not exactly one layer");
        }
        Descriptor envelope = Descriptor.read(layers.get(0), "signature manifest");
        if (!config.mediaType().equals(MediaTypes.EMPTY)
                || !envelope.mediaType().equals(MediaTypes.SIGNATURE)) {
            throw new PackageException(
                    Reason.UNKNOWN_MEDIA_TYPE,
                    "the signature has media types '" + config.mediaType() + "', '" + envelope.mediaType() + "'");
        }
        shelf.take(config, 2, "the signature's config");
        return shelf.take(envelope, limits.signatureBytes(), "the signature");
    }
}

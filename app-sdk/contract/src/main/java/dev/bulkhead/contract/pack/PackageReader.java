package dev.bulkhead.contract.pack;

import com.fasterxml.jackson.databind.JsonNode;
import dev.bulkhead.contract.pack.PackageException.Reason;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Reads packages, trusting nothing: sizes before contents, names, digests, media types; a blob that nothing refers to is
 * refused. Says nothing about who made the package. Stateless.
 */
public final class PackageReader {
    private PackageReader() {}

    /** Reads with the {@link PackageLimits#STANDARD} limits. */
    public static AppPackage read(byte[] sdvapp) {
        return read(sdvapp, PackageLimits.STANDARD);
    }

    /**
     * Reads a whole {@code .sdvapp} file.
     *
     * @throws PackageException naming the first check that failed
     */
    public static AppPackage read(byte[] sdvapp, PackageLimits limits) {
        if (sdvapp.length > limits.packageBytes()) {
            throw new PackageException(
                    Reason.TOO_LARGE, "the file has " + sdvapp.length + " bytes, limit " + limits.packageBytes());
        }
        Map<String, byte[]> files = TarEntries.read(sdvapp);
        BlobShelf shelf = BlobShelf.of(files);
        JsonNode layout = OciJson.read(shelf.file(PackageWriter.LAYOUT_FILE), PackageWriter.LAYOUT_FILE);
        if (!layout.path("imageLayoutVersion").asText().equals("1.0.0")) {
            throw new PackageException(Reason.BAD_JSON, "oci-layout is not of imageLayoutVersion 1.0.0");
        }
        JsonNode index = OciJson.read(shelf.file(PackageWriter.INDEX_FILE), PackageWriter.INDEX_FILE);
        OciJson.expect(index, MediaTypes.INDEX, PackageWriter.INDEX_FILE);
        AppPackage app = ImageReader.read(shelf, descriptors(index), limits);
        shelf.requireAllTaken();
        return app;
    }

    private static List<Descriptor> descriptors(JsonNode index) {
        JsonNode manifests = index.path("manifests");
        if (!manifests.isArray() || manifests.isEmpty() || manifests.size() > 2) {
            throw new PackageException(Reason.BAD_JSON, "index.json names an image and at most one signature");
        }
        List<Descriptor> found = new ArrayList<>();
        for (JsonNode node : manifests) {
            Descriptor descriptor = Descriptor.read(node, PackageWriter.INDEX_FILE);
            if (!descriptor.mediaType().equals(MediaTypes.IMAGE_MANIFEST)) {
                throw new PackageException(
                        Reason.UNKNOWN_MEDIA_TYPE, "index.json names a '" + descriptor.mediaType() + "'");
            }
            found.add(descriptor);
        }
        return found;
    }
}

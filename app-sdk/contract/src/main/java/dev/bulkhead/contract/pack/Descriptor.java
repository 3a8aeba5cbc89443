package dev.bulkhead.contract.pack;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.bulkhead.contract.pack.PackageException.Reason;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** An OCI descriptor: what a blob is, its digest and its size. */
record Descriptor(String mediaType, Digest digest, long size) {
    static Descriptor of(String mediaType, Blob blob) {
        return new Descriptor(mediaType, blob.digest(), blob.size());
    }

    /** @param where names the document in messages */
    static Descriptor read(JsonNode node, String where) {
        String mediaType = OciJson.text(node, "mediaType", where);
        String digest = OciJson.text(node, "digest", where);
        JsonNode size = node.path("size");
        Optional<Digest> parsed = Digest.parse(digest);
        if (parsed.isEmpty() || !size.isIntegralNumber() || !size.canConvertToLong() || size.asLong() < 0) {
            throw new PackageException(Reason.BAD_JSON, where + " has a descriptor without a sha256 digest and a size");
        }
        return new Descriptor(mediaType, parsed.get(), size.asLong());
    }

    ObjectNode write() {
        return OciJson.object()
                .put("mediaType", mediaType)
                .put("digest", digest.toString())
                .put("size", size);
    }

    /** Written out for the reason {@link Digest#equals} is. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Descriptor descriptor
                && size == descriptor.size
                && mediaType.equals(descriptor.mediaType)
                && digest.equals(descriptor.digest);
    }

    @Override
    public int hashCode() {
        return digest.hashCode();
    }
}

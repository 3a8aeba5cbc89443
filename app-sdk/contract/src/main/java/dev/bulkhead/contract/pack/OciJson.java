package dev.bulkhead.contract.pack;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.bulkhead.contract.json.StrictJson;
import dev.bulkhead.contract.pack.PackageException.Reason;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** The JSON of the OCI layout: read strictly (no duplicate keys, nothing behind the end, nested at most 16 deep), written compactly. */
final class OciJson {
    private static final StrictJson JSON = new StrictJson(StreamReadConstraints.builder()
            .maxNestingDepth(16)
            .maxNumberLength(32)
            .build());

    private OciJson() {}

    static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    static Blob write(ObjectNode node) {
        return Blob.owning(node.toString().getBytes(StandardCharsets.UTF_8));
    }

    /** A JSON object of at most {@link PackageLimits#JSON_BYTES}. */
    static JsonNode read(byte[] json, String where) {
        if (json.length > PackageLimits.JSON_BYTES) {
            throw new PackageException(
                    Reason.TOO_LARGE, where + " has " + json.length + " bytes, limit " + PackageLimits.JSON_BYTES);
        }
        try {
            JsonNode node = JSON.read(json);
            if (!node.isObject()) {
                throw new PackageException(Reason.BAD_JSON, where + " is not a JSON object");
            }
            return node;
        } catch (JsonProcessingException e) {
            throw new PackageException(Reason.BAD_JSON, where + ": " + e.getOriginalMessage());
        } catch (IOException e) {
            throw new PackageException(Reason.BAD_JSON, where + ": " + e.getMessage());
        }
    }

    static String text(JsonNode node, String field, String where) {
        JsonNode value = node.path(field);
        if (!value.isTextual() || value.asText().length() > 255) {
            throw new PackageException(Reason.BAD_JSON, where + " has no text '" + field + "'");
        }
        return value.asText();
    }

    /** Refuses a document whose {@code schemaVersion} is not 2 or whose media type is another one. */
    static void expect(JsonNode node, String mediaType, String where) {
        if (node.path("schemaVersion").asInt() != 2) {
            throw new PackageException(Reason.BAD_JSON, where + " is not of schemaVersion 2");
        }
        String actual = node.path("mediaType").asText(mediaType);
        if (!actual.equals(mediaType)) {
            throw new PackageException(
                    Reason.UNKNOWN_MEDIA_TYPE, where + " has media type '" + actual + "', expected " + mediaType);
        }
    }
}

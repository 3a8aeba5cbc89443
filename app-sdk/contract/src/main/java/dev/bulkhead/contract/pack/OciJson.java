package dev.bulkhead.contract.pack;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.bulkhead.contract.pack.PackageException.Reason;
import java.io.IOException;

/** The JSON of the OCI layout: read strictly (no duplicate keys, nothing behind the end, nested at most 16 deep), written compactly. */
final class OciJson {
    private static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(16)
                            .maxNumberLength(32)
                            .build())
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private OciJson() {}

    static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    static Blob write(ObjectNode node) {
        try {
            return Blob.owning(MAPPER.writeValueAsBytes(node));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree of plain nodes can be written", e);
        }
    }

    /** A JSON object of at most {@link PackageLimits#JSON_BYTES}. */
    static JsonNode read(byte[] json, String where) {
        if (json.length > PackageLimits.JSON_BYTES) {
            throw new PackageException(
                    Reason.TOO_LARGE, where + " has " + json.length + " bytes, limit " + PackageLimits.JSON_BYTES);
        }
        try {
            JsonNode node = MAPPER.readTree(json);
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

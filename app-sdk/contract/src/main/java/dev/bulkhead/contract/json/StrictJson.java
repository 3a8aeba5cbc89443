package dev.bulkhead.contract.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;

/**
 * JSON text as a tree: no key twice, nothing behind the end, nested no deeper and no longer than it is bound to. Made from the stream itself, since an
 * {@code ObjectMapper} first sets up calendars in every language there is, which takes longer than reading. Thread-safe.
 */
public final class StrictJson {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private final JsonFactory format;

    /** @param bounds of the text, and of its nesting, which may be as deep as the stack bears */
    public StrictJson(StreamReadConstraints bounds) {
        this.format = JsonFactory.builder()
                .streamReadConstraints(bounds)
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .build();
    }

    /**
     * Reads one document; of nothing at all it makes a missing node.
     *
     * @throws com.fasterxml.jackson.core.JsonProcessingException saying what is wrong and where
     */
    public JsonNode read(byte[] json) throws IOException {
        try (JsonParser parser = format.createParser(json)) {
            if (parser.nextToken() == null) {
                return NODES.missingNode();
            }
            JsonNode document = value(parser);
            if (parser.nextToken() != null) {
                throw new JsonParseException(parser, "something follows the end of the document");
            }
            return document;
        }
    }

    private static JsonNode value(JsonParser parser) throws IOException {
        return switch (parser.currentToken()) {
            case START_OBJECT -> object(parser);
            case START_ARRAY -> array(parser);
            case VALUE_STRING -> NODES.textNode(parser.getText());
            case VALUE_NUMBER_INT -> whole(parser);
            case VALUE_NUMBER_FLOAT -> NODES.numberNode(parser.getDoubleValue());
            case VALUE_TRUE -> NODES.booleanNode(true);
            case VALUE_FALSE -> NODES.booleanNode(false);
            case VALUE_NULL -> NODES.nullNode();
            case NOT_AVAILABLE, END_OBJECT, END_ARRAY, FIELD_NAME, VALUE_EMBEDDED_OBJECT ->
                throw new JsonParseException(parser, "a value is missing");
        };
    }

    private static ObjectNode object(JsonParser parser) throws IOException {
        ObjectNode object = NODES.objectNode();
        for (String key = parser.nextFieldName(); key != null; key = parser.nextFieldName()) {
            parser.nextToken();
            object.set(key, value(parser));
        }
        return object;
    }

    private static ArrayNode array(JsonParser parser) throws IOException {
        ArrayNode array = NODES.arrayNode();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            array.add(value(parser));
        }
        return array;
    }

    private static JsonNode whole(JsonParser parser) throws IOException {
        return switch (parser.getNumberType()) {
            case INT -> NODES.numberNode(parser.getIntValue());
            case LONG -> NODES.numberNode(parser.getLongValue());
            case BIG_INTEGER, BIG_DECIMAL, DOUBLE, FLOAT -> NODES.numberNode(parser.getBigIntegerValue());
        };
    }
}

package dev.bulkhead.contract.supply;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.bulkhead.contract.json.StrictJson;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** JSON of the two documents. */
final class SupplyJson {
    private static final StrictJson JSON =
            new StrictJson(StreamReadConstraints.builder().maxNestingDepth(64).build());

    private SupplyJson() {}

    static byte[] bytes(ObjectNode document) {
        return document.toString().getBytes(StandardCharsets.UTF_8);
    }

    static JsonNode read(byte[] json, String what) {
        try {
            return JSON.read(json);
        } catch (JsonProcessingException e) {
            throw new SupplyException(what + " is no JSON: " + e.getOriginalMessage());
        } catch (IOException e) {
            throw new SupplyException(what + " cannot be read: " + e.getMessage());
        }
    }
}

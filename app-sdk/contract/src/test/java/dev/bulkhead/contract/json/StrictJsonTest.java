package dev.bulkhead.contract.json;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StrictJsonTest {
    private static final StrictJson JSON =
            new StrictJson(StreamReadConstraints.builder().maxNestingDepth(4).build());

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"a\": {\"b\": [1, -2.5, 1e3, \"ü\\n\", true, false, null]}, \"c\": []}",
                "[2147483648, 9223372036854775807, 9223372036854775808, 0, -1]",
                "\"text\"",
                "12",
                "null",
                " {} "
            })
    void makesTheTreeThatJacksonsMapperMakes(String json) throws IOException {
        assertEquals(new ObjectMapper().readTree(json), JSON.read(json.getBytes(StandardCharsets.UTF_8)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"a\":1,\"a\":2}", "{} {}", "{", "[1,]", "[[[[[]]]]]", "{\"a\"}", "]", "nul"})
    void refusesWhatIsTwiceBehindTheEndTooDeepOrNotWhole(String json) {
        assertThrows(JsonProcessingException.class, () -> JSON.read(json.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void findsNothingInNothing() throws IOException {
        assertTrue(JSON.read(new byte[0]).isMissingNode());
    }
}

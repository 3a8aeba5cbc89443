package dev.bulkhead.security.json;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class JsonTest {
    @Test
    void writesCanonicalFormWithSortedKeysAndNoBlanks() {
        assertEquals(
                "{\"a\":[1,true,null,\"x\"],\"b\":{}}",
                canonical("{ \"b\" : { }, \"a\" : [ 1 , true , null , \"x\" ] }"));
    }

    @Test
    void escapesOnlyQuoteAndBackslashInCanonicalForm() {
        assertEquals("\"\\\"\\\\\n/é\"", canonical("\"\\\"\\\\\\n\\/\\u00e9\""));
    }

    @Test
    void sortsKeysByCodePointBeyondTheBasicPlane() {
        // U+1F600 sorts after U+FFFD, though its first UTF-16 unit sorts before
        assertEquals("{\"\uFFFD\":1,\"\uD83D\uDE00\":2}", canonical("{\"\uD83D\uDE00\":2,\"\uFFFD\":1}"));
    }

    @Test
    void fileTextParsesBackToTheSame() {
        Json value = Json.parse(utf8("{\"a\":[1,[],{\"b\":\"x\\n\"}],\"c\":{}}"));
        assertEquals(value, Json.parse(utf8(value.pretty())));
        assertEquals(value, Json.parse(utf8(value.dense())));
        assertEquals("{\"a\":[1,[],{\"b\":\"x\\u000a\"}],\"c\":{}}", value.dense());
    }

    @Test
    void refusesDuplicateKeys() {
        assertRefused("{\"a\":1,\"a\":2}", "duplicate");
    }

    @Test
    void refusesKeysThatAreEqualAfterUnescaping() {
        assertRefused("{\"a\":1,\"\\u0061\":2}", "duplicate");
    }

    @Test
    void refusesFractionsAndExponents() {
        assertRefused("1.5", "integers");
        assertRefused("1e3", "integers");
    }

    @Test
    void refusesIntegersBeyond64Bits() {
        assertRefused("9223372036854775808", "64 bits");
        assertEquals(Json.of(Long.MIN_VALUE), Json.parse(utf8("-9223372036854775808")));
    }

    @Test
    void refusesLeadingZeros() {
        assertRefused("01", "not a value");
    }

    @Test
    void refusesLoneSurrogates() {
        assertRefused("\"\\ud800\"", "surrogate");
        assertRefused("\"\\udc00\\ud800\"", "surrogate");
    }

    @Test
    void refusesBytesAfterTheDocument() {
        assertRefused("{} {}", "after");
    }

    @Test
    void refusesDeepNesting() {
        assertRefused("[".repeat(33) + "]".repeat(33), "deeper");
    }

    @Test
    void refusesTextThatIsNotUtf8() {
        assertThrows(JsonException.class, () -> Json.parse(new byte[] {'"', (byte) 0xc0, (byte) 0x80, '"'}));
    }

    @Test
    void refusesEveryTruncation() {
        byte[] whole = utf8("{\"a\":[1,true,null,\"x\\u0041\"],\"b\":{\"c\":-5}}");
        for (int length = 0; length < whole.length; length++) {
            byte[] cut = Arrays.copyOf(whole, length);
            assertThrows(JsonException.class, () -> Json.parse(cut));
        }
    }

    @Test
    void refusesMoreValuesThanTheLimit() {
        JsonLimits few = new JsonLimits(1000, 4, 3);
        assertThrows(JsonException.class, () -> JsonReader.read(utf8("[1,2,3]"), few));
        JsonReader.read(utf8("[1,2]"), few);
    }

    private static void assertRefused(String json, String why) {
        JsonException e = assertThrows(JsonException.class, () -> Json.parse(utf8(json)));
        assertTrue(String.valueOf(e.getMessage()).contains(why), e.getMessage());
    }

    private static String canonical(String json) {
        return new String(Json.parse(utf8(json)).canonical(), StandardCharsets.UTF_8);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}

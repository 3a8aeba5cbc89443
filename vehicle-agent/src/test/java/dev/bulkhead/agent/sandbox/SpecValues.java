package dev.bulkhead.agent.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import java.util.List;

/** Values as {@code wast2json} writes them. Raw bits; a v128 is two, the lower half first. */
final class SpecValues {
    private SpecValues() {}

    static long[] bits(JsonNode values) {
        List<long[]> each = values.valueStream().map(SpecValues::one).toList();
        return each.stream().flatMapToLong(Arrays::stream).toArray();
    }

    private static long[] one(JsonNode value) {
        if (vector(value)) {
            long[] halves = new long[2];
            for (int lane = 0; lane < lanes(value); lane++) {
                int at = lane * width(value);
                halves[at / 64] |= (laneBits(value, lane) & mask(value)) << at % 64;
            }
            return halves;
        }
        String text = value.get("value").asText();
        return new long[] {
            switch (value.get("type").asText()) {
                case "i32", "f32" -> (int) Long.parseLong(text);
                case "i64", "f64" -> Long.parseUnsignedLong(text);
                default -> text.equals("null") ? -1 : Long.parseLong(text);
            }
        };
    }

    private static boolean vector(JsonNode value) {
        return value.get("type").asText().equals("v128");
    }

    private static int lanes(JsonNode value) {
        return value.get("value").size();
    }

    private static int width(JsonNode value) {
        return 128 / lanes(value);
    }

    private static long mask(JsonNode value) {
        return width(value) == 64 ? -1 : (1L << width(value)) - 1;
    }

    private static long laneBits(JsonNode value, int lane) {
        return Long.parseUnsignedLong(value.get("value").get(lane).asText());
    }

    /** How many {@code long}s of a result a value takes. */
    static int longs(JsonNode value) {
        return vector(value) ? 2 : 1;
    }

    /** Whether the result that starts at {@code at} is as expected. */
    static boolean matches(JsonNode expected, List<Long> results, int at) {
        if (!vector(expected)) {
            return matches(expected.get("type").asText(), expected.path("value").asText(""), results.get(at));
        }
        String type = expected.get("lane_type").asText();
        for (int lane = 0; lane < lanes(expected); lane++) {
            int place = lane * width(expected);
            long bits = results.get(at + place / 64) >>> place % 64 & mask(expected);
            String text = expected.get("value").get(lane).asText();
            boolean same = text.startsWith("nan:")
                    ? matches(type, text, bits)
                    : bits == (Long.parseUnsignedLong(text) & mask(expected));
            if (!same) {
                return false;
            }
        }
        return true;
    }

    private static boolean matches(String type, String text, long bits) {
        if (text.startsWith("nan:")) {
            return type.equals("f32")
                    ? Float.isNaN(Float.intBitsToFloat((int) bits))
                    : Double.isNaN(Double.longBitsToDouble(bits));
        }
        if (type.equals("funcref") && !text.equals("null")) {
            return bits >= 0;
        }
        return switch (type) {
            case "i32", "f32" -> (int) bits == (int) Long.parseLong(text);
            case "i64", "f64" -> bits == Long.parseUnsignedLong(text);
            default -> bits == (text.equals("null") ? -1 : Long.parseLong(text));
        };
    }
}

package dev.bulkhead.security.json;

/**
 * Bounds of one parse.
 *
 * @param maxBytes longest document, in bytes
 * @param maxDepth deepest nesting of arrays and objects
 * @param maxValues most values in one document
 */
public record JsonLimits(int maxBytes, int maxDepth, int maxValues) {
    /** What trust metadata and envelopes are read with. */
    public static final JsonLimits METADATA = new JsonLimits(16 << 20, 32, 1_000_000);

    public JsonLimits {
        if (maxBytes < 1 || maxDepth < 1 || maxValues < 1) {
            throw new IllegalArgumentException("limits must be positive");
        }
    }
}

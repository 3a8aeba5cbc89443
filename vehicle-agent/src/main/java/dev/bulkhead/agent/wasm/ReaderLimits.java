package dev.bulkhead.agent.wasm;

/**
 * Bounds the reader keeps while it reads, so that a small module cannot make it allocate much.
 *
 * @param params most parameters, and most results, of one function
 * @param vectors whether SIMD is accepted: the host's JVM must have its vectors at hand
 */
public record ReaderLimits(
        int functions,
        int locals,
        int nesting,
        int functionBytes,
        int tableElements,
        int globals,
        int params,
        boolean vectors) {}

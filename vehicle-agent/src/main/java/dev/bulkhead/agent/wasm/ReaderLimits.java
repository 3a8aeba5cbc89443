package dev.bulkhead.agent.wasm;

/** Bounds the reader keeps while it reads, so that a small module cannot make it allocate much. */
public record ReaderLimits(
        int functions, int locals, int nesting, int functionBytes, int tableElements, int globals, int params) {}

package dev.bulkhead.agent.sandbox;

import dev.bulkhead.agent.wasm.ReaderLimits;

/**
 * Bounds a module must keep to be admitted, checked before anything is allocated for it.
 *
 * @param moduleBytes most bytes of the module, ≤ 16 MiB by the contract
 * @param memoryBytes most bytes of linear memory, tables and passive element segments together, the app's budget; 1 … 2³¹−65536
 * @param functions most functions, imports included; of imports no more than 10,000 whatever this says
 * @param locals most locals of one function, parameters included
 * @param nesting deepest nesting of blocks in one function
 * @param functionBytes most bytes of one function body
 * @param codeBytes most bytes of all function bodies together
 * @param allLocals most locals of all functions together, parameters not included
 * @param tableElements most elements of all tables together
 * @param globals most globals
 */
public record Limits(
        int moduleBytes,
        long memoryBytes,
        int functions,
        int locals,
        int nesting,
        int functionBytes,
        int codeBytes,
        int allLocals,
        int tableElements,
        int globals) {
    public static final long LARGEST_MEMORY = 0x7FFF_0000L;

    public Limits {
        if (moduleBytes < 8 || moduleBytes > 16 << 20) {
            throw new IllegalArgumentException("moduleBytes must lie in 8..16 MiB: " + moduleBytes);
        }
        if (memoryBytes < 0 || memoryBytes > LARGEST_MEMORY) {
            throw new IllegalArgumentException("memoryBytes must lie in 0.." + LARGEST_MEMORY + ": " + memoryBytes);
        }
    }

    /** The limits of the product for an app with this memory budget in bytes. */
    public static Limits forMemory(long memoryBytes) {
        return new Limits(
                16 << 20,
                memoryBytes,
                50_000,
                10_000,
                512,
                1 << 20,
                ReaderLimits.CODE_BYTES,
                ReaderLimits.ALL_LOCALS,
                1_000_000,
                10_000);
    }
}

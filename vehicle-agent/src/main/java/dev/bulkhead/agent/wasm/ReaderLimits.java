package dev.bulkhead.agent.wasm;

/**
 * Bounds the reader keeps while it reads, so that a small module cannot make it allocate much.
 *
 * @param params most parameters, and most results, of one function
 * @param codeBytes most bytes of all function bodies together: what compiling takes grows with them
 * @param allLocals most locals of all functions together, parameters not included: a few bytes declare thousands
 * @param constantSteps most steps of all constant expressions together, but for the items of element segments, which are one each
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
        int codeBytes,
        int allLocals,
        int constantSteps,
        boolean vectors) {
    /** The product's. */
    public static final int CODE_BYTES = 8 << 20;

    /** The product's: twenty for each function. */
    public static final int ALL_LOCALS = 1_000_000;

    /** The product's: an offset for each of 100,000 data segments, and as many again. */
    public static final int CONSTANT_STEPS = 200_000;

    /** With the product's bounds of what all functions have together. */
    public ReaderLimits(
            int functions,
            int locals,
            int nesting,
            int functionBytes,
            int tableElements,
            int globals,
            int params,
            boolean vectors) {
        this(
                functions,
                locals,
                nesting,
                functionBytes,
                tableElements,
                globals,
                params,
                CODE_BYTES,
                ALL_LOCALS,
                CONSTANT_STEPS,
                vectors);
    }

    /** All of them, for keys: equal limits give the same text, others another. A record's own text costs a start some 20 ms of linking. */
    public String text() {
        int[] bounds = {
            functions,
            locals,
            nesting,
            functionBytes,
            tableElements,
            globals,
            params,
            codeBytes,
            allLocals,
            constantSteps,
            vectors ? 1 : 0
        };
        StringBuilder text = new StringBuilder();
        for (int bound : bounds) {
            text.append(bound).append(' ');
        }
        return text.toString();
    }
}

package dev.bulkhead.agent.codegen;

import dev.bulkhead.agent.wasm.Code;
import dev.bulkhead.agent.wasm.Op;
import dev.bulkhead.agent.wasm.ValType;
import dev.bulkhead.agent.wasm.WasmModule;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Decides which functions call themselves in line: small ones whose work is the recursion. Their calls of short functions that they pay for go in line
 * too, because C2 leaves those alone in a method that long.
 */
final class RecursiveInliner {
    /** Measured: one gains less, and three lose where a recursion's depth is often a multiple of four. */
    static final int LEVELS = 2;

    /** Estimated bytes of JVM code, far below where a method is split. */
    private static final int MOST_BYTES = 4_000;

    /** A frame counts as one call even if none in line is under way; threads have five times the stack that is counted. */
    private static final int MOST_FRAMES = 3;

    private final WasmModule module;
    private final CallGraph graph;
    private final IntFunction<@Nullable Code> prepaid;

    /**
     * For the functions of one module.
     *
     * @param prepaid body of a function that its callers pay for, null of any other
     */
    RecursiveInliner(WasmModule module, CallGraph graph, IntFunction<@Nullable Code> prepaid) {
        this.module = module;
        this.graph = graph;
        this.prepaid = prepaid;
    }

    /** The body with calls in line, or as it was. */
    Code inline(Code code) {
        if (!recursive(code)) {
            return code;
        }
        Map<Integer, Code> leaves = leaves(code);
        if (bytes(code, leaves) > MOST_BYTES) {
            return code;
        }
        Code inlined = InlinedBody.write(code, LEVELS, leaves, graph::grows);
        return FrameSizes.ofOneMethod(inlined) > MOST_FRAMES * FrameSizes.ofOneMethod(code) ? code : inlined;
    }

    /** Whether it calls itself, and does so in every loop: the work of other loops is not the calls. */
    private static boolean recursive(Code code) {
        boolean calls = false;
        int loop = -1;
        for (int i = 0; i < code.size(); i++) {
            switch (code.op(i)) {
                case Op.LOOP -> {
                    if (loop >= 0) {
                        return false;
                    }
                    loop = i;
                }
                case Op.END -> {
                    if (loop >= 0 && code.a(i) == loop) {
                        return false;
                    }
                }
                case Op.CALL -> {
                    if (code.a(i) == code.function()) {
                        calls = true;
                        loop = -1;
                    }
                }
                case Op.TRY_TABLE, Op.RETURN_CALL, Op.RETURN_CALL_INDIRECT -> {
                    return false;
                }
                default -> {}
            }
        }
        return calls && numeric(code);
    }

    private static boolean numeric(Code code) {
        for (int local = 0; local < code.localCount(); local++) {
            if (code.local(local).isReference() || code.local(local) == ValType.V128) {
                return false;
            }
        }
        return !code.usesVectors();
    }

    private Map<Integer, Code> leaves(Code code) {
        Map<Integer, Code> leaves = new TreeMap<>();
        for (int i = 0; i < code.size(); i++) {
            if (code.op(i) == Op.CALL) {
                Code leaf = prepaid.apply(code.a(i));
                if (leaf != null && numeric(leaf)) {
                    leaves.put(code.a(i), leaf);
                }
            }
        }
        return leaves;
    }

    private long bytes(Code code, Map<Integer, Code> leaves) {
        long own = estimate(code);
        int calls = 0;
        for (int i = 0; i < code.size(); i++) {
            if (code.op(i) == Op.CALL) {
                calls += code.a(i) == code.function() ? 1 : 0;
                Code leaf = leaves.get(code.a(i));
                own += leaf == null ? 0 : estimate(leaf);
            }
        }
        long bodies = 1;
        for (int level = 0; level < LEVELS; level++) {
            bodies = 1 + calls * bodies;
        }
        return bodies * own;
    }

    private int estimate(Code code) {
        return CodeSizes.prologue(code.localCount())
                + Arrays.stream(CodeSizes.of(module, code)).sum();
    }
}

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
 * Decides which functions call themselves in line, and how deep: small ones whose work is the recursion. Their calls of short functions that they pay for
 * go in line too, because C2 leaves those alone in a method that long.
 */
final class RecursiveInliner {
    /** Measured where no base case is known: one level gains less, and three lose where a recursion's depth is often a multiple of four. */
    private static final int LEVELS = 2;

    /** With a base case, measured. */
    private static final int MOST_LEVELS = 5;

    /** The same of a function that is at work in memory: over calls C2 keeps each level's address and its place in the array. */
    private static final int MOST_LEVELS_IN_MEMORY = 1;

    /** Bodies and base cases, measured: one level of three calls, five of one. */
    private static final int MOST_COPIES = 13;

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
        if (estimate(code, leaves) > MOST_BYTES) {
            return code;
        }
        BaseCase base = BaseCase.of(code, body -> plain(body, leaves));
        if (base != null) {
            for (int levels = inMemory(code) ? MOST_LEVELS_IN_MEMORY : MOST_LEVELS; levels > 0; levels--) {
                Code inlined = inlined(code, levels, base, leaves);
                if (inlined != null) {
                    return inlined;
                }
            }
        }
        Code inlined = inlined(code, LEVELS, null, leaves);
        return inlined == null ? code : inlined;
    }

    /** The body with so many levels of calls in line, or null if that is too much. */
    private @Nullable Code inlined(Code code, int levels, @Nullable BaseCase base, Map<Integer, Code> leaves) {
        if ((base != null && copies(code, levels) > MOST_COPIES) || bytes(code, levels, base, leaves) > MOST_BYTES) {
            return null;
        }
        Code inlined = InlinedBody.write(code, levels, base, leaves, graph::grows);
        boolean deep = FrameSizes.inJvm(inlined) > MOST_FRAMES * FrameSizes.ofOneMethod(code);
        return deep || !Splits.fits(module, inlined) ? null : inlined;
    }

    /** Whether nothing in a body takes long but what its calls go to that are written out too. */
    private static boolean plain(Code code, Map<Integer, Code> leaves) {
        for (int i = 0; i < code.size(); i++) {
            if (Prepaid.leavesOrLasts(code.op(i)) && !(code.op(i) == Op.CALL && leaves.containsKey(code.a(i)))) {
                return false;
            }
        }
        return true;
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

    private static boolean inMemory(Code code) {
        for (int i = 0; i < code.size(); i++) {
            if (code.op(i) >= Op.FIRST_LOAD && code.op(i) <= Op.LAST_STORE) {
                return true;
            }
        }
        return false;
    }

    private static int callsOfItself(Code code) {
        int calls = 0;
        for (int i = 0; i < code.size(); i++) {
            calls += code.op(i) == Op.CALL && code.a(i) == code.function() ? 1 : 0;
        }
        return calls;
    }

    /** Bodies and base cases, or some number that is too large. */
    private static long copies(Code code, int levels) {
        int calls = callsOfItself(code);
        long copies = 1;
        for (int level = 0; level <= levels && copies <= MOST_COPIES; level++) {
            copies = 1 + calls * copies;
        }
        return copies;
    }

    /** What they become, or some number that is too large. */
    private long bytes(Code code, int levels, @Nullable BaseCase base, Map<Integer, Code> leaves) {
        int calls = callsOfItself(code);
        long own = estimate(code, leaves);
        long bytes = base == null ? 0 : estimate(base.test(), leaves) + estimate(base.body(), leaves);
        for (int level = 0; level <= levels && bytes <= MOST_BYTES; level++) {
            bytes = own + calls * bytes;
        }
        return bytes;
    }

    private long estimate(Code code, Map<Integer, Code> leaves) {
        long bytes = CodeSizes.prologue(code.localCount());
        bytes += Arrays.stream(CodeSizes.of(module, code)).sum();
        for (int i = 0; i < code.size(); i++) {
            Code leaf = code.op(i) == Op.CALL ? leaves.get(code.a(i)) : null;
            bytes += leaf == null ? 0 : estimate(leaf, leaves);
        }
        return bytes;
    }
}

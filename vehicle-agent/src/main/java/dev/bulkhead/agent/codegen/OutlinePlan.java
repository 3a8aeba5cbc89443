package dev.bulkhead.agent.codegen;

import dev.bulkhead.agent.wasm.Code;
import dev.bulkhead.agent.wasm.FuncType;
import dev.bulkhead.agent.wasm.Op;
import dev.bulkhead.agent.wasm.ValType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Decides which loops of a function become methods of their own, and what passes between them and the code around. */
final class OutlinePlan {
    private static final int MOST_PARAMETER_SLOTS = 100;
    private static final int MOST_TRANSFERRED = 100;
    /** Bounds the work of planning; a function with more is compiled all the same. */
    private static final int MOST_REGIONS = 256;

    private final ModuleShape shape;
    private final Code code;
    private final Map<Integer, Region> regions = new HashMap<>();
    private @Nullable LocalUses uses;

    OutlinePlan(ModuleShape shape, Code code) {
        this.shape = shape;
        this.code = code;
        findLoopNests();
    }

    /** The region that starts with this instruction, if there is one. */
    @Nullable
    Region at(int start) {
        return regions.get(start);
    }

    boolean isEmpty() {
        return regions.isEmpty();
    }

    private void findLoopNests() {
        int loops = 0;
        int tries = 0;
        boolean nested = false;
        List<Integer> open = new ArrayList<>();
        for (int i = 0; i < code.size(); i++) {
            switch (code.op(i)) {
                case Op.LOOP -> {
                    loops++;
                    nested |= loops == 2;
                    open.add(i);
                }
                case Op.BLOCK, Op.IF -> open.add(i);
                case Op.TRY_TABLE -> {
                    tries++;
                    open.add(i);
                }
                case Op.END -> {
                    if (!open.isEmpty()) {
                        int opener = open.removeLast();
                        tries -= code.op(opener) == Op.TRY_TABLE ? 1 : 0;
                        if (code.op(opener) == Op.LOOP && --loops == 0) {
                            if (nested && tries == 0) {
                                consider(opener, open.size() + 1);
                            }
                            nested = false;
                        }
                    }
                }
                default -> {}
            }
        }
    }

    /**
     * Makes the loop a region if it can be one.
     *
     * @param depth blocks open around the loop, the function's own included
     */
    private void consider(int start, int depth) {
        FuncType type = code.blockType(code.b(start));
        if (regions.size() >= MOST_REGIONS
                || !type.params().isEmpty()
                || type.results().contains(ValType.EXNREF)) {
            return;
        }
        if (uses == null) {
            uses = new LocalUses(code);
        }
        int end = code.a(start);
        List<Integer> inputs = new ArrayList<>();
        List<Integer> scratch = new ArrayList<>();
        List<Integer> outputs = new ArrayList<>();
        int slots = 0;
        for (int local = 0; local < code.localCount(); local++) {
            boolean written = uses.written(local, start, end);
            if (!written && !uses.read(local, start, end)) {
                continue;
            }
            if (code.local(local) == ValType.EXNREF) {
                return;
            }
            boolean exposed = exposed(uses, local, start, end);
            boolean output = written && (exposed || uses.read(local, end, code.size()));
            if (exposed || output) {
                inputs.add(local);
                slots += JavaType.of(code.local(local)).slots;
            } else {
                scratch.add(local);
            }
            if (output) {
                outputs.add(local);
            }
        }
        List<Region.Exit> exits = exits(start, end, depth);
        if (exits != null && slots <= MOST_PARAMETER_SLOTS && outputs.size() < MOST_TRANSFERRED) {
            regions.put(
                    start, new Region(regions.size(), start, end, inputs, scratch, outputs, exits, grows(start, end)));
        }
    }

    /**
     * Whether the value the local has before the loop may be read in it: not if its first write there comes before every read and each
     * read lies within the block the write lies in.
     */
    private boolean exposed(LocalUses known, int local, int start, int end) {
        int write = known.firstWrite(local, start, end);
        if (known.read(local, start, write)) {
            return true;
        }
        return write < end && known.read(local, closingOf(write, end), end);
    }

    /** Where the innermost block around an instruction closes. */
    private int closingOf(int at, int limit) {
        int depth = 0;
        for (int i = at; i < limit; i++) {
            switch (code.op(i)) {
                case Op.BLOCK, Op.LOOP, Op.IF, Op.TRY_TABLE -> depth++;
                case Op.ELSE -> {
                    if (depth == 0) {
                        return i;
                    }
                }
                case Op.END -> {
                    if (depth-- == 0) {
                        return i;
                    }
                }
                default -> {}
            }
        }
        return limit;
    }

    /** Ways out, or null if one of them carries what cannot be transferred. */
    private @Nullable List<Region.Exit> exits(int start, int end, int depth) {
        List<Region.Exit> exits = new ArrayList<>();
        exits.add(new Region.Exit(Region.Exit.AGAIN));
        int inside = 0;
        for (int i = start; i < end; i++) {
            switch (code.op(i)) {
                case Op.BLOCK, Op.LOOP, Op.IF -> inside++;
                case Op.TRY_TABLE -> {
                    int pool = (int) code.imm(i);
                    for (int clause = 0; clause < code.pool(pool); clause++) {
                        leave(exits, code.pool(pool + 3 * clause + 3), inside, depth);
                    }
                    inside++;
                }
                case Op.END -> inside--;
                case Op.BR, Op.BR_IF -> leave(exits, code.a(i), inside, depth);
                case Op.BR_TABLE -> {
                    for (int k = 0; k < code.b(i); k++) {
                        leave(exits, code.pool(code.a(i) + k), inside, depth);
                    }
                }
                case Op.RETURN -> add(exits, 0);
                case Op.RETURN_CALL, Op.RETURN_CALL_INDIRECT -> {
                    return null;
                }
                default -> {}
            }
        }
        // last, because the code after the loop follows the call
        if (!Op.endsFlow(code.op(end - 1))) {
            exits.add(new Region.Exit(Region.Exit.FALL_THROUGH));
        }
        return exits;
    }

    private static void leave(List<Region.Exit> exits, int label, int inside, int depth) {
        if (label >= inside) {
            add(exits, depth - 1 - (label - inside));
        }
    }

    private static void add(List<Region.Exit> exits, int block) {
        Region.Exit exit = new Region.Exit(block);
        if (!exits.contains(exit)) {
            exits.add(exit);
        }
    }

    private boolean grows(int start, int end) {
        for (int i = start; i < end; i++) {
            boolean grows = switch (code.op(i)) {
                case Op.MEMORY_GROW -> true;
                case Op.CALL -> shape.graph.grows(code.a(i));
                case Op.CALL_INDIRECT -> shape.graph.grows(shape.module.types().get(code.a(i)));
                default -> false;
            };
            if (grows) {
                return true;
            }
        }
        return false;
    }
}

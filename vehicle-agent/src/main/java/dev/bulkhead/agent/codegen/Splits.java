package dev.bulkhead.agent.codegen;

import dev.bulkhead.agent.wasm.Code;
import dev.bulkhead.agent.wasm.Op;
import dev.bulkhead.agent.wasm.WasmModule;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Which scopes of one function are too long for one method, and how those are cut. */
final class Splits {
    /** HotSpot never compiles a method of more than 8,000 bytes. */
    private static final int MOST_BYTES = 9_000;

    /** What the format allows is 65,535: {@link CodeForm#PLAIN} cuts only where it must. */
    private static final int MOST_POSSIBLE = 50_000;

    /** How a scope is cut. */
    record Split(List<Piece> pieces, @Nullable Spill spill) {}

    private final Code code;
    private final OutlinePlan plan;
    private final int most;
    private final int[] bytes;
    private final int[] before;
    private final Map<Integer, Split> known = new HashMap<>();

    Splits(WasmModule module, CodeForm form, Code code, OutlinePlan plan) {
        this.code = code;
        this.plan = plan;
        this.most = form == CodeForm.PLAIN ? MOST_POSSIBLE : MOST_BYTES;
        this.bytes = CodeSizes.of(module, code);
        this.before = new int[bytes.length + 1];
        for (int i = 0; i < bytes.length; i++) {
            before[i + 1] = before[i] + bytes[i];
        }
    }

    /** Whether a function is surely written as one method. */
    static boolean fits(WasmModule module, Code code) {
        return CodeSizes.prologue(code.localCount())
                        + Arrays.stream(CodeSizes.of(module, code)).sum()
                <= MOST_BYTES;
    }

    /** Whether the scope with all its loops would be too long. */
    boolean tooLong(@Nullable Region scope) {
        int from = scope == null ? 0 : scope.start();
        int to = scope == null ? code.size() : scope.end() + 1;
        return CodeSizes.prologue(locals(code, scope).size()) + before[to] - before[from] > most;
    }

    @Nullable
    Split of(@Nullable Region scope) {
        if (!tooLong(scope)) {
            return null;
        }
        return known.computeIfAbsent(scope == null ? Region.ROOT : scope.start(), key -> cut(scope));
    }

    private Split cut(@Nullable Region scope) {
        List<Piece> arms = ArmSplitter.pieces(code, bytes, plan, scope);
        if (!arms.isEmpty()) {
            return new Split(arms, null);
        }
        Splitter splitter = new Splitter(code, bytes, plan.childrenOf(scope));
        List<Piece> pieces = scope == null
                ? splitter.pieces(0, code.size() - 1, 1)
                : splitter.pieces(scope.start() + 1, scope.end(), depth(scope));
        return new Split(pieces, Spill.of(code, locals(code, scope)));
    }

    /** Blocks open around the first instruction of the loop. */
    private int depth(Region loop) {
        int depth = 2;
        for (int i = 0; i < loop.start(); i++) {
            depth += switch (code.op(i)) {
                case Op.BLOCK, Op.LOOP, Op.IF, Op.TRY_TABLE -> 1;
                case Op.END -> -1;
                default -> 0;
            };
        }
        return depth;
    }

    /** The locals that a scope has to do with. */
    static List<Integer> locals(Code code, @Nullable Region region) {
        if (region == null) {
            return IntStream.range(0, code.localCount()).boxed().toList();
        }
        List<Integer> locals = new ArrayList<>(region.inputs());
        locals.addAll(region.scratch());
        return locals;
    }
}

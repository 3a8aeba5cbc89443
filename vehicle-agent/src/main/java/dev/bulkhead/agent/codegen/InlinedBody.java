package dev.bulkhead.agent.codegen;

import dev.bulkhead.agent.wasm.Code;
import dev.bulkhead.agent.wasm.FuncType;
import dev.bulkhead.agent.wasm.Op;
import dev.bulkhead.agent.wasm.ValType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Writes a function's calls of itself as copies of its body, and in these the calls of its leaves. A call becomes {@link Op#ENTER}, its arguments and zeros
 * into locals of its level, and a block that the copy's returns branch to; {@link Op#LEAVE} follows where it was another function.
 */
final class InlinedBody {
    private final Code function;
    private final int levels;
    private final Map<Integer, Leaf> leaves = new TreeMap<>();

    private final @Nullable BaseCase base;
    private final IntPredicate grows;

    private final Code out;

    private InlinedBody(
            Code function, int levels, @Nullable BaseCase base, Map<Integer, Code> leaves, IntPredicate grows) {
        this.grows = grows;
        this.function = function;
        this.levels = levels;
        this.base = base;
        List<ValType> locals = new ArrayList<>();
        for (int level = 0; level <= (base == null ? levels : levels + 1); level++) {
            addLocals(function, locals);
        }
        leaves.forEach((index, leaf) -> {
            this.leaves.put(index, new Leaf(leaf, locals.size()));
            addLocals(leaf, locals);
        });
        this.out = new Code(function.function(), function.type(), locals.toArray(new ValType[0]));
    }

    /** Its locals stand behind those of all levels, and its calls share them. */
    private record Leaf(Code code, int first) {}

    private static void addLocals(Code code, List<ValType> locals) {
        for (int local = 0; local < code.localCount(); local++) {
            locals.add(code.local(local));
        }
    }

    /**
     * Writes it.
     *
     * @param base what is still written out of the calls below the last level, if anything
     * @param grows whether a call of a function may replace the memory
     */
    static Code write(
            Code function, int levels, @Nullable BaseCase base, Map<Integer, Code> leaves, IntPredicate grows) {
        InlinedBody body = new InlinedBody(function, levels, base, leaves, grows);
        body.new Copy(function, 0, 0, 0, -1).write();
        int deepestLeaf =
                leaves.values().stream().mapToInt(Code::maxOperands).max().orElse(0);
        int bodies = base == null ? levels + 1 : levels + 2;
        body.out.maxOperands(bodies * function.maxOperands() + Math.max(1, deepestLeaf));
        return body.out;
    }

    private int add(int op, int a, int b, long imm, int height) {
        int index = out.add(op, a, b, imm);
        out.height(index, height);
        return index;
    }

    /**
     * A call in line.
     *
     * @param first of the callee's locals
     * @param level 0 for a leaf
     * @param height operands beneath the arguments
     */
    private void call(Code callee, int first, int level, int height) {
        enter(callee, first, 0, level, height);
        body(callee, first, level, height);
        if (callee != function) {
            add(Op.LEAVE, 0, 0, 0, height + callee.type().results().size());
        }
    }

    /** A call of the function below the last level: its base case in line, a call for all others. */
    private void callUnless(BaseCase base, int height, int grows) {
        int level = levels + 1;
        int first = level * function.localCount();
        FuncType type = function.type();
        enter(function, first, 1, level, height);
        new Copy(base.test(), first, level, height, -1).write();
        if (!base.taken()) {
            add(Op.I32_EQZ, 0, 0, 0, height + 1);
        }
        int opener = add(Op.IF, -1, out.addBlockType(new FuncType(List.of(), type.results())), -1, height);
        add(Op.CHARGE, 0, 0, 0, height);
        body(base.body(), first, level, height);
        out.imm(opener, add(Op.ELSE, opener, 0, 0, height));
        for (int param = 0; param < type.params().size(); param++) {
            add(Op.LOCAL_GET, first + param, 0, 0, height + param + 1);
        }
        add(Op.CALL, function.function(), grows, levels, height + type.results().size());
        out.a(opener, add(Op.END, opener, 0, 0, height + type.results().size()));
    }

    /** Takes the arguments. */
    private void enter(Code callee, int first, int baseCase, int level, int height) {
        int params = callee.type().params().size();
        add(Op.ENTER, callee.function(), baseCase, level, height + params);
        for (int param = params - 1; param >= 0; param--) {
            add(Op.LOCAL_SET, first + param, 0, 0, height + param);
        }
    }

    private void body(Code callee, int first, int level, int height) {
        FuncType type = callee.type();
        for (int local = type.params().size(); local < callee.localCount(); local++) {
            add(zero(callee.local(local)), 0, 0, 0, height + 1);
            add(Op.LOCAL_SET, first + local, 0, 0, height);
        }
        int results = out.addBlockType(new FuncType(List.of(), type.results()));
        int block = add(Op.BLOCK, -1, results, -1, height);
        new Copy(callee, first, level, height, block).write();
    }

    private static int zero(ValType type) {
        return switch (type) {
            case I32 -> Op.I32_CONST;
            case I64 -> Op.I64_CONST;
            case F32 -> Op.F32_CONST;
            case F64 -> Op.F64_CONST;
            case V128, FUNCREF, EXTERNREF, EXNREF -> throw new IllegalArgumentException("local of type " + type);
        };
    }

    /** One copy of a body. */
    private final class Copy {
        private final Code from;
        private final int first;
        private final int level;
        private final int height;
        /** Openers of what is open around the next instruction, as copied; that of the whole is −1 for the function itself. */
        private final List<Integer> open;

        private Copy(Code from, int first, int level, int height, int block) {
            this.from = from;
            this.first = first;
            this.level = level;
            this.height = height;
            this.open = new ArrayList<>(Collections.singleton(block));
        }

        private void write() {
            for (int i = 0; i < from.size(); i++) {
                int above = height + from.height(i);
                switch (from.op(i)) {
                    case Op.CALL -> callOf(from.a(i), above);
                    case Op.CALL_INDIRECT -> add(Op.CALL_INDIRECT, from.a(i), from.b(i), level, above);
                    case Op.LOCAL_GET, Op.LOCAL_SET, Op.LOCAL_TEE -> add(from.op(i), first + from.a(i), 0, 0, above);
                    case Op.BLOCK, Op.LOOP, Op.IF -> open(i, above);
                    case Op.ELSE -> out.imm(open.getLast(), add(Op.ELSE, open.getLast(), 0, 0, above));
                    case Op.END -> end(above);
                    case Op.RETURN -> giveBack(above);
                    case Op.BR_TABLE -> add(Op.BR_TABLE, targets(i), from.b(i), 0, above);
                    default -> add(from.op(i), from.a(i), from.b(i), from.imm(i), above);
                }
            }
        }

        private void callOf(int callee, int above) {
            Leaf leaf = leaves.get(callee);
            int kept = grows.test(callee) ? 0 : 1;
            if (callee == function.function() && level < levels) {
                int next = level + 1;
                call(function, next * function.localCount(), next, above - results(function));
            } else if (callee == function.function() && base != null) {
                callUnless(base, above - results(function), kept);
            } else if (leaf != null) {
                call(leaf.code, leaf.first, 0, above - results(leaf.code));
            } else {
                add(Op.CALL, callee, kept, level, above);
            }
        }

        private static int results(Code callee) {
            return callee.type().results().size();
        }

        private void open(int i, int above) {
            int type = out.addBlockType(from.blockType(from.b(i)));
            open.add(add(from.op(i), -1, type, -1, above));
        }

        private void end(int above) {
            int opener = open.removeLast();
            int end = add(Op.END, opener, 0, 0, above);
            if (opener >= 0) {
                out.a(opener, end);
            }
        }

        private void giveBack(int above) {
            if (open.getFirst() < 0) {
                add(Op.RETURN, 0, 0, 0, above);
            } else {
                add(Op.BR, open.size() - 1, 0, 0, above);
            }
        }

        private int targets(int i) {
            int start = -1;
            for (int label : from.targets(i)) {
                int place = out.addPool(label);
                start = start < 0 ? place : start;
            }
            return start;
        }
    }
}

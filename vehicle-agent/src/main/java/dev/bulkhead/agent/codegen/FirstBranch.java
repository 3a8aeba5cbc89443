package dev.bulkhead.agent.codegen;

import dev.bulkhead.agent.wasm.Code;
import dev.bulkhead.agent.wasm.FuncType;
import dev.bulkhead.agent.wasm.NumericOps;
import dev.bulkhead.agent.wasm.Op;
import dev.bulkhead.agent.wasm.ValType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A function's first branch, and its condition as code that can run before the function does: made of arguments and constants, and of memory and globals
 * where nothing has changed them yet.
 *
 * @param index of the {@code br_if} or {@code if}
 * @param test the condition
 */
record FirstBranch(int index, Code test) {
    /** Longer ones would cost more than a call. */
    private static final int LONGEST = 8;

    /** The first branch of a function, or null if its condition cannot be made out in advance. */
    static @Nullable FirstBranch of(Code code) {
        return new Search(code).find();
    }

    /** Follows the operands of straight code: each is the instructions that make it, or null where it cannot be made in advance. */
    private static final class Search {
        private final Code code;
        private final List<@Nullable List<Integer>> operands = new ArrayList<>();
        private final Map<Integer, @Nullable List<Integer>> written = new HashMap<>();
        /** Whether something has happened that a load could see. */
        private boolean changed;

        private int traps;

        Search(Code code) {
            this.code = code;
        }

        private @Nullable FirstBranch find() {
            for (int i = 0; i < code.size(); i++) {
                int op = code.op(i);
                switch (op) {
                    case Op.NOP, Op.BLOCK, Op.END -> {
                        if (op == Op.BLOCK
                                && !code.blockType(code.b(i)).params().isEmpty()) {
                            return null;
                        }
                    }
                    case Op.BR_IF, Op.IF -> {
                        return branch(i);
                    }
                    case Op.LOOP, Op.TRY_TABLE -> {
                        return null;
                    }
                    default -> {
                        if (Op.endsFlow(op)) {
                            return null;
                        }
                        follow(op, i);
                    }
                }
            }
            return null;
        }

        private @Nullable FirstBranch branch(int i) {
            List<Integer> test = operands.removeLast();
            // of several traps, only the function itself knows which comes first
            if (test == null || (traps > 1 && test.stream().anyMatch(each -> traps(code.op(each))))) {
                return null;
            }
            return new FirstBranch(i, code(test));
        }

        private void follow(int op, int i) {
            switch (op) {
                case Op.LOCAL_GET -> operands.add(local(i));
                case Op.LOCAL_SET -> written.put(code.a(i), operands.removeLast());
                case Op.LOCAL_TEE -> written.put(code.a(i), operands.getLast());
                case Op.I32_CONST, Op.I64_CONST, Op.F32_CONST, Op.F64_CONST -> operands.add(List.of(i));
                case Op.GLOBAL_GET -> operands.add(changed ? null : List.of(i));
                default -> {
                    traps += traps(op) ? 1 : 0;
                    if (NumericOps.isNumeric(op)) {
                        List<Integer> second = NumericOps.binary(op) ? operands.removeLast() : List.of();
                        operands.add(made(operands.removeLast(), second, i));
                    } else if (op >= Op.FIRST_LOAD && op <= Op.LAST_LOAD) {
                        List<Integer> address = operands.removeLast();
                        operands.add(made(changed ? null : address, List.of(), i));
                    } else {
                        other(i);
                    }
                }
            }
        }

        private @Nullable List<Integer> local(int i) {
            int local = code.a(i);
            if (written.containsKey(local)) {
                return written.get(local);
            }
            return local < code.type().params().size() ? List.of(i) : null;
        }

        private static @Nullable List<Integer> made(
                @Nullable List<Integer> first, @Nullable List<Integer> second, int i) {
            if (first == null || second == null || first.size() + second.size() >= LONGEST) {
                return null;
            }
            return Stream.of(first, second, List.of(i)).flatMap(List::stream).toList();
        }

        /** Whatever it is, it may change and take all. */
        private void other(int i) {
            changed = true;
            traps++;
            operands.clear();
            operands.addAll(Collections.nCopies(code.height(i), null));
        }

        /** Loads, integer divisions and remainders, conversions that do not saturate. */
        private static boolean traps(int op) {
            return (op >= Op.FIRST_LOAD && op <= Op.LAST_LOAD)
                    || (op >= 0x6D && op <= 0x70)
                    || (op >= 0x7F && op <= 0x82)
                    || (op >= 0xA8 && op <= 0xB1 && op != 0xAC && op != 0xAD);
        }

        private Code code(List<Integer> test) {
            Code made = new Code(code.function(), new FuncType(List.of(), List.of(ValType.I32)), new ValType[0]);
            int height = 0;
            for (int i : test) {
                int op = code.op(i);
                boolean takes = NumericOps.isNumeric(op) || (op >= Op.FIRST_LOAD && op <= Op.LAST_LOAD);
                height += takes ? NumericOps.binary(op) ? -1 : 0 : 1;
                made.height(made.add(op, code.a(i), code.b(i), code.imm(i)), height);
                made.maxOperands(Math.max(height, made.maxOperands()));
            }
            return made;
        }
    }
}

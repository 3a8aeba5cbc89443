package dev.bulkhead.agent.codegen;

import dev.bulkhead.agent.wasm.Code;
import dev.bulkhead.agent.wasm.Op;

/**
 * What code is charged (sandbox.md, Metering): at function entry and at each loop head the instructions that follow, up to inner loops,
 * both arms of an {@code if} counted. 1 per instruction, 10 per call, with a {@link Prepaid} function what its body costs; what only structures code is
 * free. Changing this changes what every
 * program is charged: raise {@link ModuleCompiler#VERSION}.
 */
final class FuelCosts {
    private static final int CALL = 10;
    private static final int NONE = -1;

    private FuelCosts() {}

    /** Cost by index of the loop's opener, or of where a call in line enters the function anew; the function's own cost stands at {@code code.size()}, and at each {@link Op#CHARGE}. */
    static long[] of(Code code, Prepaid prepaid) {
        int own = code.size();
        int free = own + 1;
        long[] costs = new long[own + 2];
        int[] open = new int[own + 1];
        int depth = 0;
        int entered = NONE;
        open[0] = own;
        for (int i = 0; i < code.size(); i++) {
            int op = code.op(i);
            int enclosing = open[depth];
            if (op == Op.ENTER) {
                costs[enclosing] += CALL;
                // what it costs to enter another function is its caller's cost
                entered = code.b(i) == 1 ? free : code.imm(i) == 0 ? enclosing : i;
            }
            if (entered != NONE) {
                if (op == Op.BLOCK || op == Op.IF) {
                    open[++depth] = entered;
                    entered = NONE;
                }
                continue;
            }
            switch (op) {
                case Op.BLOCK, Op.IF, Op.TRY_TABLE -> open[++depth] = enclosing;
                case Op.LOOP -> open[++depth] = i;
                case Op.END -> depth = Math.max(0, depth - 1);
                default -> {}
            }
            costs[op == Op.LOOP ? i : enclosing] += cost(op) + (op == Op.CALL ? prepaid.cost(code.a(i)) : 0);
        }
        if (prepaid.contains(code.function())) {
            costs[own] = 0;
        }
        for (int i = 0; i < code.size(); i++) {
            if (code.op(i) == Op.CHARGE) {
                costs[i] = costs[own];
            }
        }
        return costs;
    }

    private static int cost(int op) {
        return switch (op) {
            case Op.BLOCK, Op.END, Op.ELSE, Op.NOP, Op.TRY_TABLE, Op.LEAVE -> 0;
            case Op.CALL, Op.CALL_INDIRECT, Op.RETURN_CALL, Op.RETURN_CALL_INDIRECT -> CALL;
            default -> 1;
        };
    }
}

package dev.bulkhead.agent.codegen;

import dev.bulkhead.agent.wasm.Code;
import dev.bulkhead.agent.wasm.Op;

/**
 * What code is charged (sandbox.md, Metering): at function entry and at each loop head the instructions that follow, up to inner loops, both arms of an
 * {@code if} counted. 1 per instruction, 10 per call, with a {@link Prepaid} function what its body costs; what only structures code is free. Changing
 * this changes what every program is charged: raise {@link ModuleCompiler#VERSION}.
 */
final class FuelCosts {
    private static final int CALL = 10;
    private static final int NONE = -1;

    private final Code code;
    private final Prepaid prepaid;
    private final int own;
    private final int free;
    private final long[] costs;
    /** Whom the instructions in each open block are charged to. */
    private final int[] open;

    private int depth;
    /** Whom those in the next block are charged to, up to which all is free; or none. */
    private int entered = NONE;

    private FuelCosts(Code code, Prepaid prepaid) {
        this.code = code;
        this.prepaid = prepaid;
        this.own = code.size();
        this.free = own + 1;
        this.costs = new long[own + 2];
        this.open = new int[own + 1];
        open[0] = own;
    }

    /**
     * Cost by index of the loop's opener, or of where a call in line enters the function anew; the function's own cost stands at {@code code.size()}, and at
     * each {@link Op#CHARGE}.
     */
    static long[] of(Code code, Prepaid prepaid) {
        FuelCosts costs = new FuelCosts(code, prepaid);
        for (int i = 0; i < code.size(); i++) {
            costs.add(i);
        }
        costs.close();
        return costs.costs;
    }

    private void add(int i) {
        int op = code.op(i);
        int enclosing = open[depth];
        if (op == Op.ENTER) {
            costs[enclosing] += CALL;
            entered = code.b(i) == 1 ? free : code.imm(i) > 0 ? i : enclosing; // of another function, its caller's cost
        }
        if (entered != NONE) {
            if (op == Op.BLOCK || op == Op.IF) {
                open[++depth] = entered;
                entered = NONE;
            }
            return;
        }
        switch (op) {
            case Op.BLOCK, Op.IF, Op.TRY_TABLE -> open[++depth] = enclosing;
            case Op.LOOP -> open[++depth] = i;
            case Op.END -> depth = Math.max(0, depth - 1);
            default -> {}
        }
        costs[op == Op.LOOP ? i : enclosing] += cost(op) + (op == Op.CALL ? prepaid.cost(code.a(i)) : 0);
    }

    private void close() {
        if (prepaid.contains(code.function())) {
            costs[own] = 0;
        }
        for (int i = 0; i < code.size(); i++) {
            if (code.op(i) == Op.CHARGE) {
                costs[i] = costs[own];
            }
        }
    }

    private static int cost(int op) {
        return switch (op) {
            case Op.BLOCK, Op.END, Op.ELSE, Op.NOP, Op.TRY_TABLE, Op.LEAVE -> 0;
            case Op.CALL, Op.CALL_INDIRECT, Op.RETURN_CALL, Op.RETURN_CALL_INDIRECT -> CALL;
            default -> 1;
        };
    }
}

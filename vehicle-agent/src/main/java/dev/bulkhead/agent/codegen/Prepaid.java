package dev.bulkhead.agent.codegen;

import dev.bulkhead.agent.wasm.Code;
import dev.bulkhead.agent.wasm.Op;
import dev.bulkhead.agent.wasm.WasmModule;
import java.util.BitSet;

/**
 * Functions that whoever calls them pays for, with the call: short ones that neither loop nor call, and that are only ever called directly. They leave the
 * fuel alone, so that a loop that calls no others can keep it in a register.
 */
final class Prepaid {
    private static final long DEAREST = 100;

    private final long[] costs;
    private final BitSet reached = new BitSet();

    Prepaid(WasmModule module) {
        this.costs = new long[module.functionCount()];
        for (int function = 0; function < module.functionCount(); function++) {
            reached.set(function, module.declaredReferences()[function]);
        }
        for (WasmModule.Export export : module.exports()) {
            if (export.kind() == WasmModule.ExternalKind.FUNCTION) {
                reached.set(export.index());
            }
        }
        if (module.startFunction() != WasmModule.NO_START) {
            reached.set(module.startFunction());
        }
    }

    void add(Code code) {
        boolean plain = true;
        for (int i = 0; i < code.size(); i++) {
            int op = code.op(i);
            if (op == Op.RETURN_CALL) {
                reached.set(code.a(i));
            }
            plain &= !leavesOrLasts(op);
        }
        long cost = plain ? FuelCosts.of(code, this)[code.size()] : 0;
        costs[code.function()] = cost <= DEAREST ? cost : 0;
    }

    static boolean leavesOrLasts(int op) {
        return switch (op) {
            case Op.LOOP,
                    Op.TRY_TABLE,
                    Op.THROW,
                    Op.THROW_REF,
                    Op.CALL,
                    Op.CALL_INDIRECT,
                    Op.RETURN_CALL,
                    Op.RETURN_CALL_INDIRECT -> true;
            default -> BulkOperations.isBulk(op);
        };
    }

    /** What a call of this function costs beyond the call itself; 0 if the function charges for itself. */
    long cost(int function) {
        return reached.get(function) ? 0 : costs[function];
    }

    boolean contains(int function) {
        return cost(function) > 0;
    }
}

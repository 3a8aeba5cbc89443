package dev.bulkhead.agent.codegen;

import dev.bulkhead.agent.wasm.Code;
import dev.bulkhead.agent.wasm.Op;
import java.util.ArrayList;
import java.util.List;
import org.objectweb.asm.Label;
import org.objectweb.asm.Opcodes;

/**
 * Writes the charging of fuel. A method with a loop that calls nothing keeps the fuel in a JVM local, which the JIT holds in a register, and
 * gives it back to the state before every call and return; others charge the state's field.
 */
final class Fuel {
    private static final String STATE = RuntimeNames.of(RuntimeNames.STATE);

    private final Bytecode out;
    private final MethodFrame frame;
    private final boolean metered;
    private final List<Refill> refills = new ArrayList<>();

    private record Refill(Label at, Label head, long cost, Operands.State entries) {}

    Fuel(Bytecode out, MethodFrame frame, boolean metered) {
        this.out = out;
        this.frame = frame;
        this.metered = metered;
    }

    /** Whether code in [from, to) has a loop without calls in it. */
    static boolean wantsLocal(Code code, int from, int to) {
        int loop = -1;
        for (int i = from; i < to; i++) {
            int op = code.op(i);
            if (op == Op.LOOP) {
                loop = i;
            } else if (calls(op)) {
                loop = -1;
            } else if (op == Op.END && loop >= 0 && code.a(i) == loop) {
                return true;
            }
        }
        return false;
    }

    /** Whether the loop has neither loops, calls nor memory accesses inside: the kind that gains by {@link #chargeTurn}, where others lose. */
    static boolean staysInRegisters(Code code, int loop) {
        for (int i = loop + 1; i < code.a(loop); i++) {
            int op = code.op(i);
            if (op == Op.LOOP || calls(op) || (op >= Op.FIRST_LOAD && op <= Op.LAST_STORE)) {
                return false;
            }
        }
        return true;
    }

    private static boolean calls(int op) {
        return op == Op.CALL || op == Op.CALL_INDIRECT;
    }

    private boolean local() {
        return frame.fuel() >= 0;
    }

    void charge(long cost) {
        if (!metered || cost == 0) {
            return;
        }
        if (local()) {
            out.variable(Opcodes.LLOAD, frame.fuel());
            out.constant(cost);
            out.variable(Opcodes.ALOAD, frame.state());
            out.callStatic(RuntimeNames.STATE, "spend", "(JJ" + STATE + ")J");
            out.variable(Opcodes.LSTORE, frame.fuel());
        } else {
            out.variable(Opcodes.ALOAD, frame.state());
            out.constant(cost);
            out.callStatic(RuntimeNames.STATE, "spend", "(" + STATE + "J)V");
        }
    }

    /**
     * Charges a turn of the loop whose head was just bound. Where the fuel is in a local, the way to get more leads back to the head and not into the
     * loop's middle: the JIT sees it as an outer loop then, and the inner one stays free of calls.
     */
    void chargeTurn(long cost, Label head, Operands operands) {
        if (!metered || !local() || cost == 0) {
            charge(cost);
            return;
        }
        Label more = new Label();
        out.variable(Opcodes.LLOAD, frame.fuel());
        out.constant(cost);
        out.op(Opcodes.LSUB);
        out.op(Opcodes.DUP2);
        out.variable(Opcodes.LSTORE, frame.fuel());
        out.op(Opcodes.LCONST_0);
        out.op(Opcodes.LCMP);
        out.jump(Opcodes.IFLT, more);
        refills.add(new Refill(more, head, cost, operands.save()));
    }

    /** Writes what {@link #chargeTurn} put off; at the end of the method, which is no place code falls through to. */
    void writeRefills(Operands operands) {
        for (Refill refill : refills) {
            operands.restore(refill.entries());
            out.label(refill.at());
            operands.frame();
            out.variable(Opcodes.LLOAD, frame.fuel());
            out.variable(Opcodes.ALOAD, frame.state());
            out.callStatic(RuntimeNames.STATE, "refuel", "(J" + STATE + ")J");
            out.constant(refill.cost());
            out.op(Opcodes.LADD);
            out.variable(Opcodes.LSTORE, frame.fuel());
            out.jump(Opcodes.GOTO, refill.head());
        }
    }

    /** From the local to the state: before anything that charges or ends the method. */
    void giveBack() {
        if (local()) {
            out.variable(Opcodes.ALOAD, frame.state());
            out.variable(Opcodes.LLOAD, frame.fuel());
            out.putField(RuntimeNames.STATE, "fuel", "J");
        }
    }

    /** From the state to the local. */
    void take() {
        if (local()) {
            out.variable(Opcodes.ALOAD, frame.state());
            out.getField(RuntimeNames.STATE, "fuel", "J");
            out.variable(Opcodes.LSTORE, frame.fuel());
        }
    }
}

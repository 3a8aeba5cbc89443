package dev.bulkhead.agent.codegen;

import dev.bulkhead.agent.wasm.Code;
import dev.bulkhead.agent.wasm.Op;
import org.objectweb.asm.Label;
import org.objectweb.asm.Opcodes;

/**
 * Writes the charging of fuel. A method with a loop that calls nothing that charges keeps the fuel in a JVM local, which the JIT holds in a register, and
 * gives it back to the state before every call and return; others charge the state's field.
 */
final class Fuel {
    private static final String STATE = RuntimeNames.of(RuntimeNames.STATE);

    private final Bytecode out;
    private final MethodFrame frame;
    private final boolean metered;

    Fuel(Bytecode out, MethodFrame frame, boolean metered) {
        this.out = out;
        this.frame = frame;
        this.metered = metered;
    }

    /** Whether code in [from, to) has a loop without calls in it but of prepaid functions. */
    static boolean wantsLocal(Code code, int from, int to, Prepaid prepaid) {
        int loop = -1;
        for (int i = from; i < to; i++) {
            int op = code.op(i);
            if (op == Op.LOOP) {
                loop = i;
            } else if (op == Op.CALL_INDIRECT || (op == Op.CALL && !prepaid.contains(code.a(i)))) {
                loop = -1;
            } else if (op == Op.END && loop >= 0 && code.a(i) == loop) {
                return true;
            }
        }
        return false;
    }

    private boolean local() {
        return frame.fuel() >= 0;
    }

    /**
     * Charges what follows; the JVM's stack must be empty. Below zero control goes where {@code exhausted} leads: the less of that comes
     * back, the better, because a way back from a call costs the JIT its registers, however cold it is.
     */
    void charge(long cost, Operands operands, Runnable exhausted) {
        if (!metered || cost == 0) {
            return;
        }
        Label enough = new Label();
        deductAndJump(cost, Opcodes.IFGE, enough);
        Operands.State before = operands.save();
        exhausted.run();
        operands.restore(before);
        out.label(enough);
        operands.frame();
    }

    /** Charges and jumps as what is left compares with zero; metered code only. */
    void deductAndJump(long cost, int opcode, Label target) {
        deduct(cost, true);
        out.jump(opcode, target);
    }

    /** Takes from the fuel without looking at what is left. */
    void deduct(long cost) {
        if (metered && cost != 0) {
            deduct(cost, false);
        }
    }

    private void deduct(long cost, boolean keep) {
        if (local()) {
            out.variable(Opcodes.ILOAD, frame.fuel());
        } else {
            out.variable(Opcodes.ALOAD, frame.state());
            out.op(Opcodes.DUP);
            out.getField(RuntimeNames.STATE, "fuel", "I");
        }
        out.constant(Math.toIntExact(cost));
        out.op(Opcodes.ISUB);
        if (keep) {
            out.op(local() ? Opcodes.DUP : Opcodes.DUP_X1);
        }
        if (local()) {
            out.variable(Opcodes.ISTORE, frame.fuel());
        } else {
            out.putField(RuntimeNames.STATE, "fuel", "I");
        }
    }

    /** Gets more fuel and goes on behind the charge. */
    void refuel() {
        giveBack();
        out.variable(Opcodes.ALOAD, frame.state());
        out.callStatic(RuntimeNames.STATE, "refuel", "(" + STATE + ")V");
        take();
    }

    /** Gets more fuel for a charge that the code called next will make again. */
    void refuelToRepeat(long cost) {
        if (metered && cost != 0) {
            out.constant(Math.toIntExact(cost));
            out.variable(Opcodes.ALOAD, frame.state());
            out.callStatic(RuntimeNames.STATE, "refuelToRepeat", "(I" + STATE + ")V");
            take();
        }
    }

    /** From the local to the state: before anything that charges or ends the method. */
    void giveBack() {
        if (local()) {
            out.variable(Opcodes.ALOAD, frame.state());
            out.variable(Opcodes.ILOAD, frame.fuel());
            out.putField(RuntimeNames.STATE, "fuel", "I");
        }
    }

    /** From the state to the local. */
    void take() {
        if (local()) {
            out.variable(Opcodes.ALOAD, frame.state());
            out.getField(RuntimeNames.STATE, "fuel", "I");
            out.variable(Opcodes.ISTORE, frame.fuel());
        }
    }
}

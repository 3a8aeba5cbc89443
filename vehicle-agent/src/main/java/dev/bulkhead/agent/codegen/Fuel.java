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

    private record Refill(Label handler, Label after, int cost, Operands.State entries) {}

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

    private static boolean calls(int op) {
        return op == Op.CALL || op == Op.CALL_INDIRECT;
    }

    private boolean local() {
        return frame.fuel() >= 0;
    }

    /**
     * Charges what follows; the JVM's stack must be empty. Running out is an integer overflow: the JIT compiles {@code subtractExact} to a subtraction
     * and a jump to an uncommon trap, so that compiled code holds no call here, which would cost it its registers; only the interpreter ever runs the
     * handler.
     */
    void charge(long cost, Operands operands) {
        if (!metered || cost == 0) {
            return;
        }
        Label from = new Label();
        Label to = new Label();
        Label handler = new Label();
        Label after = new Label();
        if (!local()) {
            out.variable(Opcodes.ALOAD, frame.state());
            out.op(Opcodes.DUP);
            out.getField(RuntimeNames.STATE, "fuel", "I");
        } else {
            out.variable(Opcodes.ILOAD, frame.fuel());
        }
        out.constant(Math.toIntExact(cost));
        out.label(from);
        out.callStatic("java/lang/Math", "subtractExact", "(II)I");
        out.label(to);
        if (!local()) {
            out.putField(RuntimeNames.STATE, "fuel", "I");
        } else {
            out.variable(Opcodes.ISTORE, frame.fuel());
        }
        out.mv.visitTryCatchBlock(from, to, handler, "java/lang/ArithmeticException");
        out.label(after);
        operands.frame();
        refills.add(new Refill(handler, after, Math.toIntExact(cost), operands.save()));
    }

    /** Writes the handlers of {@link #charge}; at the end of the method, which is no place code falls through to. */
    void writeHandlers(Operands operands) {
        for (Refill refill : refills) {
            operands.restore(refill.entries());
            out.label(refill.handler());
            operands.frame("java/lang/ArithmeticException");
            out.op(Opcodes.POP);
            if (local()) {
                giveBack();
            }
            out.constant(refill.cost());
            out.variable(Opcodes.ALOAD, frame.state());
            out.callStatic(RuntimeNames.STATE, "refuel", "(I" + STATE + ")V");
            take();
            out.jump(Opcodes.GOTO, refill.after());
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

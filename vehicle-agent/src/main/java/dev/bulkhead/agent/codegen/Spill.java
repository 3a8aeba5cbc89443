package dev.bulkhead.agent.codegen;

import dev.bulkhead.agent.wasm.Code;
import java.util.List;
import org.objectweb.asm.Opcodes;

/**
 * The arrays in which a scope that is split keeps its locals and operands, so that all its pieces see them: first the locals, then the operands by their
 * depth. What has bits stands in one of {@code long}; where the function keeps exceptions as values, those stand in another. Each call of the scope's method
 * makes its own.
 */
final class Spill {
    private final int[] places;
    private final int operands;
    private final int width;
    private final int length;
    private final int exceptions;

    private Spill(int[] places, int operands, int width, int length, int exceptions) {
        this.places = places;
        this.operands = operands;
        this.width = width;
        this.length = length;
        this.exceptions = exceptions;
    }

    /** Room for these locals, and for as many operands as the function ever has. */
    static Spill of(Code code, List<Integer> locals) {
        int[] places = new int[code.localCount()];
        int next = 0;
        for (int local : locals) {
            places[local] = next;
            next += places(JavaType.of(code.local(local)));
        }
        int width = code.usesVectors() ? 2 : 1;
        int length = next + width * (code.maxOperands() + 1);
        return new Spill(places, next, width, length, code.usesExceptions() ? length : 0);
    }

    private static int places(JavaType type) {
        return type == JavaType.VECTOR ? 2 : 1;
    }

    int ofLocal(int local) {
        return places[local];
    }

    int ofOperand(int depth) {
        return operands + width * depth;
    }

    /** Writes the making of the arrays. */
    void make(Bytecode out, MethodFrame frame) {
        out.constant(length);
        out.mv.visitIntInsn(Opcodes.NEWARRAY, Opcodes.T_LONG);
        out.variable(Opcodes.ASTORE, frame.spill());
        if (frame.exceptions() >= 0) {
            out.constant(exceptions);
            out.mv.visitTypeInsn(Opcodes.ANEWARRAY, RuntimeNames.EXCEPTION);
            out.variable(Opcodes.ASTORE, frame.exceptions());
        }
    }
}

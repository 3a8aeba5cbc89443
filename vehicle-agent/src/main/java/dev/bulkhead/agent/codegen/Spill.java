package dev.bulkhead.agent.codegen;

import dev.bulkhead.agent.wasm.Code;
import java.util.List;
import org.objectweb.asm.Opcodes;

/**
 * The array of {@code long} in which a scope that is split keeps its locals and operands, so that all its pieces see them: first the locals, then the
 * operands by their depth. One for each call of the scope's method.
 */
final class Spill {
    private final int[] places;
    private final int operands;
    private final int width;
    private final int length;

    private Spill(int[] places, int operands, int width, int length) {
        this.places = places;
        this.operands = operands;
        this.width = width;
        this.length = length;
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
        return new Spill(places, next, width, next + width * (code.maxOperands() + 1));
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

    /** Writes the making of the array. */
    void make(Bytecode out, int array) {
        out.constant(length);
        out.mv.visitIntInsn(Opcodes.NEWARRAY, Opcodes.T_LONG);
        out.variable(Opcodes.ASTORE, array);
    }

    static void load(Bytecode out, int array, JavaType type, int place) {
        if (type == JavaType.VECTOR) {
            VectorTerm.of(code -> bits(code, array, place), code -> bits(code, array, place + 1))
                    .as(Lane.BYTE)
                    .write(out);
            return;
        }
        bits(out, array, place);
        out.fromBits(type);
    }

    private static void bits(Bytecode out, int array, int place) {
        out.variable(Opcodes.ALOAD, array);
        out.constant(place);
        out.op(Opcodes.LALOAD);
    }

    /** Stores the JVM stack's top; no vector. */
    static void store(Bytecode out, int array, JavaType type, int place) {
        out.toBits(type);
        out.variable(Opcodes.ALOAD, array);
        out.op(Opcodes.DUP_X2);
        out.op(Opcodes.POP);
        out.constant(place);
        out.op(Opcodes.DUP_X2);
        out.op(Opcodes.POP);
        out.op(Opcodes.LASTORE);
    }

    /** Stores the vector in a JVM local. */
    static void storeVector(Bytecode out, int array, int local, int place) {
        VectorTerm halves = new VectorTerm(Lane.BYTE, code -> code.load(JavaType.VECTOR, local)).as(Lane.LONG);
        for (int half = 0; half < 2; half++) {
            out.variable(Opcodes.ALOAD, array);
            out.constant(place + half);
            halves.lane(half).accept(out);
            out.op(Opcodes.LASTORE);
        }
    }
}

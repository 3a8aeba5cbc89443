package dev.bulkhead.agent.codegen;

import org.objectweb.asm.Opcodes;

/**
 * How one method uses a spill.
 *
 * @param array JVM local of the array of {@code long}
 * @param exceptions JVM local of the array of exceptions, −1 without
 * @param always locals and operands stand in the spill; otherwise a piece takes up what it needs at its start and puts it back at its end
 */
record SpillAccess(Spill spill, int array, int exceptions, boolean always) {
    /** Whether values of this type have places. */
    boolean holds(JavaType type) {
        return type != JavaType.OBJECT || exceptions >= 0;
    }

    void load(Bytecode out, JavaType type, int place) {
        switch (type) {
            case VECTOR ->
                VectorTerm.of(code -> bits(code, place), code -> bits(code, place + 1))
                        .as(Lane.BYTE)
                        .write(out);
            case OBJECT -> {
                out.variable(Opcodes.ALOAD, exceptions);
                out.constant(place);
                out.op(Opcodes.AALOAD);
            }
            case INT, LONG, FLOAT, DOUBLE -> {
                bits(out, place);
                out.fromBits(type);
            }
        }
    }

    private void bits(Bytecode out, int place) {
        out.variable(Opcodes.ALOAD, array);
        out.constant(place);
        out.op(Opcodes.LALOAD);
    }

    /** Stores the JVM stack's top; no vector. */
    void store(Bytecode out, JavaType type, int place) {
        if (type == JavaType.OBJECT) {
            out.variable(Opcodes.ALOAD, exceptions);
            out.op(Opcodes.SWAP);
            out.constant(place);
            out.op(Opcodes.SWAP);
            out.op(Opcodes.AASTORE);
            return;
        }
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
    void storeVector(Bytecode out, int local, int place) {
        VectorTerm halves = new VectorTerm(Lane.BYTE, code -> code.load(JavaType.VECTOR, local)).as(Lane.LONG);
        for (int half = 0; half < 2; half++) {
            out.variable(Opcodes.ALOAD, array);
            out.constant(place + half);
            halves.lane(half).accept(out);
            out.op(Opcodes.LASTORE);
        }
    }
}

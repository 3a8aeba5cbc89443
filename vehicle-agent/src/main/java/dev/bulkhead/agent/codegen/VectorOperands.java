package dev.bulkhead.agent.codegen;

import java.util.function.Consumer;

/** The operands of one vector instruction, in JVM locals so that a recipe may use them as often as it likes. */
final class VectorOperands {
    private final Bytecode out;
    private final Operands operands;
    private int next;

    VectorOperands(Bytecode out, Operands operands) {
        this.out = out;
        this.operands = operands;
    }

    /** Starts an instruction. */
    void begin() {
        next = 0;
    }

    /** Takes the top entry, a vector. */
    VectorTerm take() {
        return new VectorTerm(Lane.BYTE, loading(JavaType.VECTOR, store(JavaType.VECTOR)));
    }

    /** Takes the top entry, a scalar. */
    Consumer<Bytecode> takeScalar(JavaType type) {
        return loading(type, store(type));
    }

    private int store(JavaType type) {
        operands.materialize(1);
        operands.forget(1);
        int local = operands.scratch(type, next++);
        out.store(type, local);
        return local;
    }

    private static Consumer<Bytecode> loading(JavaType type, int local) {
        return code -> code.load(type, local);
    }

    /** Computes a term now, to be used several times. */
    VectorTerm keep(VectorTerm term) {
        term.write(out);
        int local = operands.scratch(JavaType.VECTOR, next++);
        out.store(JavaType.VECTOR, local);
        return new VectorTerm(term.lane(), loading(JavaType.VECTOR, local));
    }

    /** The instruction's result. */
    void give(VectorTerm term) {
        term.as(Lane.BYTE).write(out);
        operands.pushJvm(JavaType.VECTOR);
    }
}

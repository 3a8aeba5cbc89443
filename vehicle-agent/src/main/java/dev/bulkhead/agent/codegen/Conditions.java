package dev.bulkhead.agent.codegen;

import org.objectweb.asm.Label;
import org.objectweb.asm.Opcodes;

/** Writes what takes a condition or gives one, without going anywhere: comparisons, select, the jump itself. */
final class Conditions {
    private final Bytecode out;
    private final Operands operands;

    Conditions(MethodParts parts) {
        this.out = parts.out();
        this.operands = parts.operands();
    }

    boolean objectOnTop() {
        return operands.topType() == JavaType.OBJECT;
    }

    /** The comparison's value, 0 or 1. */
    void truth(int op, boolean sense) {
        int count = Comparisons.operands(op);
        operands.materialize(count);
        boolean object = objectOnTop();
        operands.forget(count);
        Label yes = new Label();
        Label done = new Label();
        Comparisons.jump(out, op, sense, object, yes);
        out.constant(0);
        out.jump(Opcodes.GOTO, done);
        out.label(yes);
        operands.frame();
        out.constant(1);
        out.label(done);
        operands.frame(Opcodes.INTEGER);
        operands.pushJvm(JavaType.INT);
    }

    void select() {
        operands.materialize(3);
        operands.forget(1);
        Label first = new Label();
        out.jump(Opcodes.IFNE, first);
        selectTail(first);
    }

    /** A select whose condition is the comparison {@code op}. */
    void select(int op, boolean sense) {
        int count = Comparisons.operands(op);
        operands.materialize(count + 2);
        boolean object = objectOnTop();
        operands.forget(count);
        Label first = new Label();
        Comparisons.jump(out, op, sense, object, first);
        selectTail(first);
    }

    /** Two values on the JVM's stack; at {@code first} the lower one is wanted, here the upper one. */
    private void selectTail(Label first) {
        JavaType type = operands.topType();
        Label done = new Label();
        int scratch = operands.scratch(type, 0);
        int pop = type.slots == 2 ? Opcodes.POP2 : Opcodes.POP;
        out.store(type, scratch);
        out.op(pop);
        out.load(type, scratch);
        out.jump(Opcodes.GOTO, done);
        out.label(first);
        operands.frame();
        out.op(pop);
        out.label(done);
        operands.forget(1);
        operands.frame();
    }

    /** Puts the operands of a condition on an otherwise empty JVM stack. */
    void alone(int count) {
        if (operands.jvmBeneath(count)) {
            operands.spill();
        }
        operands.materialize(count);
        operands.forget(count);
    }

    /**
     * Jumps if the condition on the JVM's stack is as {@code sense} says.
     *
     * @param op the comparison, or −1 for a plain condition
     */
    void jumpIf(int op, boolean sense, boolean object, Label target) {
        if (op < 0) {
            out.jump(sense ? Opcodes.IFNE : Opcodes.IFEQ, target);
        } else {
            Comparisons.jump(out, op, sense, object, target);
        }
    }
}

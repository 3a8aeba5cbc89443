package dev.bulkhead.agent.codegen;

import dev.bulkhead.agent.wasm.FuncType;
import dev.bulkhead.agent.wasm.ValType;
import java.util.List;
import org.objectweb.asm.Opcodes;

/** Writes calls and the passing of several results. */
final class Calls {
    private final Bytecode out;
    private final Operands operands;
    private final ModuleShape shape;
    private final MethodFrame frame;
    private final Fuel fuel;

    Calls(Bytecode out, Operands operands, ModuleShape shape, MethodFrame frame, Fuel fuel) {
        this.out = out;
        this.operands = operands;
        this.shape = shape;
        this.frame = frame;
        this.fuel = fuel;
    }

    /** Writes a direct call, with so many calls of the function itself in line around it. */
    void direct(int callee, int inLine) {
        direct(callee, inLine, false);
    }

    /** The same, handing the memory's array on: see {@link ModuleShape#handsMemoryOn}. */
    void withMemory(int callee, int inLine) {
        direct(callee, inLine, true);
    }

    private void direct(int callee, int inLine, boolean memory) {
        FuncType type = shape.module.functionType(callee);
        arguments(type);
        boolean charges = !shape.prepaid.contains(callee);
        if (charges) {
            fuel.giveBack();
        }
        passState(shape.graph.deep(callee), inLine);
        if (memory) {
            out.variable(Opcodes.ALOAD, frame.memory());
        }
        out.callStatic(
                shape.classOf(callee),
                ModuleShape.methodOf(callee),
                memory ? shape.descriptorWithMemory(callee) : shape.descriptor(callee));
        if (charges) {
            fuel.take();
        }
        results(type);
    }

    void indirect(FuncType type, int table, int inLine) {
        operands.pass(type.params().size() + 1);
        element(table);
        operands.forget(type.params().size() + 1);
        fuel.giveBack();
        passState(shape.graph.deep(type), inLine);
        out.callStatic(shape.dispatchClass(type), shape.dispatchMethod(type), shape.dispatchDescriptor(type));
        fuel.take();
        results(type);
    }

    /** The reference at the index on the JVM stack's top, in its place. */
    void element(int table) {
        out.variable(Opcodes.ALOAD, frame.state());
        if (table == 0) {
            out.callStatic(RuntimeNames.STATE, "element", "(I" + RuntimeNames.of(RuntimeNames.STATE) + ")I");
        } else {
            out.constant(table);
            out.callStatic(RuntimeNames.STATE, "element", "(I" + RuntimeNames.of(RuntimeNames.STATE) + "I)I");
        }
    }

    private void arguments(FuncType type) {
        operands.pass(type.params().size());
        operands.forget(type.params().size());
    }

    /** Calls a region's method; the number of the exit is left on the JVM's stack. */
    void region(Region region, RegionResults results, int function) {
        for (int local : region.inputs()) {
            operands.pushLocal(local);
        }
        operands.pass(region.inputs().size());
        operands.forget(region.inputs().size());
        fuel.giveBack();
        passState(frame.stack() >= 0);
        out.callStatic(
                shape.regionClassOf(function),
                ModuleShape.methodOf(function, region),
                results.descriptor(frame.stack() >= 0));
        fuel.take();
    }

    void fromTransfer(JavaType type, int index) {
        if (type == JavaType.VECTOR) {
            VectorTerm.of(code -> half(code, "transfer", index), code -> half(code, "high", index))
                    .as(Lane.BYTE)
                    .write(out);
            return;
        }
        out.variable(Opcodes.ALOAD, frame.state());
        out.getField(RuntimeNames.STATE, "transfer", "[J");
        out.constant(index);
        out.op(Opcodes.LALOAD);
        out.fromBits(type);
    }

    private void half(Bytecode code, String array, int index) {
        code.variable(Opcodes.ALOAD, frame.state());
        code.getField(RuntimeNames.STATE, array, "[J");
        code.constant(index);
        code.op(Opcodes.LALOAD);
    }

    /** A vector's half to its place in one of the transfer arrays. */
    private void toHalf(VectorTerm vector, int lane, String array, int index) {
        out.variable(Opcodes.ALOAD, frame.state());
        out.getField(RuntimeNames.STATE, array, "[J");
        out.constant(index);
        vector.as(Lane.LONG).lane(lane).accept(out);
        out.op(Opcodes.LASTORE);
    }

    private static VectorTerm vectorIn(int local) {
        return new VectorTerm(Lane.BYTE, code -> code.load(JavaType.VECTOR, local));
    }

    /**
     * Hands a local on, by number of its place. An {@code i32} has an array of its own kind: C2 would widen it well before the way out, and the loop
     * would pay for both.
     */
    void localToTransfer(int local, int index) {
        JavaType type = operands.localType(local);
        if (type == JavaType.VECTOR) {
            VectorTerm vector = new VectorTerm(Lane.BYTE, code -> operands.loadLocal(local));
            toHalf(vector, 0, "transfer", index);
            toHalf(vector, 1, "high", index);
            return;
        }
        boolean ints = type == JavaType.INT;
        out.variable(Opcodes.ALOAD, frame.state());
        out.getField(RuntimeNames.STATE, ints ? "transferInts" : "transfer", ints ? "[I" : "[J");
        out.constant(index);
        operands.loadLocal(local);
        if (ints) {
            out.op(Opcodes.IASTORE);
        } else {
            out.toBits(type);
            out.op(Opcodes.LASTORE);
        }
    }

    /** Takes up what {@link #localToTransfer} handed on. */
    void localFromTransfer(int local, int index) {
        JavaType type = operands.localType(local);
        if (type == JavaType.INT) {
            out.variable(Opcodes.ALOAD, frame.state());
            out.getField(RuntimeNames.STATE, "transferInts", "[I");
            out.constant(index);
            out.op(Opcodes.IALOAD);
        } else {
            fromTransfer(type, index);
        }
        operands.storeLocal(local);
    }

    /** State, and what is left of the stack budget below this method. */
    void passState(boolean deep) {
        passState(deep, 0);
    }

    private void passState(boolean deep, int inLine) {
        out.variable(Opcodes.ALOAD, frame.state());
        if (deep) {
            out.variable(Opcodes.ILOAD, frame.stack());
            out.constant((inLine + 1) * frame.bytes());
            out.op(Opcodes.ISUB);
        }
    }

    private void results(FuncType type) {
        List<ValType> results = type.results();
        for (int i = 0; i < results.size(); i++) {
            JavaType java = JavaType.of(results.get(i));
            if (i > 0) {
                fromTransfer(java, i);
            } else if (java == JavaType.VECTOR) {
                int low = operands.scratch(JavaType.LONG, 0);
                out.store(JavaType.LONG, low);
                VectorTerm.of(code -> code.load(JavaType.LONG, low), code -> half(code, "high", 0))
                        .as(Lane.BYTE)
                        .write(out);
            }
            operands.pushJvm(java);
        }
    }

    /** Returns the top entries: the first as the JVM's result, the others by way of the state. */
    void giveBack(FuncType type) {
        int count = type.results().size();
        operands.materialize(count);
        for (int i = count - 1; i > 0; i--) {
            toTransfer(JavaType.of(type.results().get(i)), i);
        }
        if (count > 0 && operands.type(count - 1) == JavaType.VECTOR) {
            int first = operands.scratch(JavaType.VECTOR, 0);
            out.store(JavaType.VECTOR, first);
            toHalf(vectorIn(first), 1, "high", 0);
            vectorIn(first).as(Lane.LONG).lane(0).accept(out);
        }
        operands.forget(count);
        fuel.giveBack();
        out.op(JavaType.giveOpcode(type));
    }

    /** Moves the JVM stack's top to place {@code index} of the transfer array. */
    void toTransfer(JavaType type, int index) {
        if (type == JavaType.VECTOR) {
            int vector = operands.scratch(JavaType.VECTOR, 0);
            out.store(JavaType.VECTOR, vector);
            toHalf(vectorIn(vector), 0, "transfer", index);
            toHalf(vectorIn(vector), 1, "high", index);
            return;
        }
        out.toBits(type);
        int scratch = operands.scratch(JavaType.LONG, 0);
        out.variable(Opcodes.LSTORE, scratch);
        out.variable(Opcodes.ALOAD, frame.state());
        out.getField(RuntimeNames.STATE, "transfer", "[J");
        out.constant(index);
        out.variable(Opcodes.LLOAD, scratch);
        out.op(Opcodes.LASTORE);
    }
}

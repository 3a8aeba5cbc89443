package dev.bulkhead.agent.codegen;

import dev.bulkhead.agent.wasm.Code;
import dev.bulkhead.agent.wasm.FuncType;
import dev.bulkhead.agent.wasm.Op;
import dev.bulkhead.agent.wasm.ValType;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/**
 * Tail calls, which the JVM has not: the body leaves the arguments and whom to call in the state and returns; the function's own method runs bodies
 * until none asks for another. The stack does not grow.
 */
final class TailCalls {
    private static final String CLASS = RuntimeNames.PACKAGE + "Tail";

    private final Bytecode out;
    private final Operands operands;
    private final ModuleShape shape;
    private final MethodFrame frame;
    private final Fuel fuel;
    private final Calls calls;

    TailCalls(MethodParts parts) {
        this.out = parts.out();
        this.operands = parts.operands();
        this.shape = parts.shape();
        this.frame = parts.frame();
        this.fuel = parts.fuel();
        this.calls = parts.calls();
    }

    static boolean in(Code code) {
        for (int i = 0; i < code.size(); i++) {
            if (code.op(i) == Op.RETURN_CALL || code.op(i) == Op.RETURN_CALL_INDIRECT) {
                return true;
            }
        }
        return false;
    }

    // in the body

    /** Leaves in the state what is to be called; the method has to be left next. */
    void direct(int callee) {
        out.variable(Opcodes.ALOAD, frame.state());
        out.constant(callee);
        out.putField(RuntimeNames.STATE, "tail", "I");
        arguments(shape.module.functionType(callee));
    }

    void indirect(FuncType type, int table) {
        operands.spill();
        operands.materialize(1);
        operands.forget(1);
        calls.element(table);
        int reference = operands.scratch(JavaType.INT, 2);
        out.variable(Opcodes.ISTORE, reference);
        FunctionRefs.Row row = shape.refs.row(type);
        out.variable(Opcodes.ILOAD, reference);
        out.constant(row.first());
        out.constant(row.functions().size());
        out.callStatic(RuntimeNames.STATE, "checkReference", "(III)V");
        out.variable(Opcodes.ALOAD, frame.state());
        out.variable(Opcodes.ILOAD, reference);
        out.constant(shape.module.functionCount());
        out.op(Opcodes.IADD);
        out.putField(RuntimeNames.STATE, "tail", "I");
        arguments(type);
    }

    private void arguments(FuncType type) {
        int count = type.params().size();
        operands.materialize(count);
        for (int i = count - 1; i >= 0; i--) {
            calls.toTransfer(JavaType.of(type.params().get(i)), i);
        }
        operands.forget(count);
    }

    /** Ends the function's method with a result of no meaning. */
    void leave(FuncType own) {
        fuel.giveBack();
        if (!own.results().isEmpty()) {
            out.constant(JavaType.of(own.results().getFirst()).returned(), 0);
        }
        out.op(JavaType.giveOpcode(own));
    }

    // around it

    /** The function's own method. */
    static void writeRunner(ModuleShape shape, int function, ClassVisitor to) {
        FuncType type = shape.module.functionType(function);
        boolean deep = shape.graph.deep(function);
        MethodVisitor mv = method(to, ModuleShape.methodOf(function), shape.descriptor(function));
        Bytecode out = new Bytecode(mv);
        out.start();
        int local = 0;
        for (ValType param : type.params()) {
            local = JavaType.of(param).loadPassed(out, local);
        }
        int state = local;
        passState(out, state, deep);
        out.callStatic(shape.classOf(function), shape.bodyOf(function), shape.descriptor(function));
        Object[] result = type.results().isEmpty()
                ? new Object[0]
                : new Object[] {JavaType.of(type.results().getFirst()).returned().frame};
        Label again = new Label();
        Label done = new Label();
        out.label(again);
        mv.visitFrame(result.length == 0 ? Opcodes.F_SAME : Opcodes.F_SAME1, 0, null, result.length, result);
        out.variable(Opcodes.ALOAD, state);
        out.getField(RuntimeNames.STATE, "tail", "I");
        out.jump(Opcodes.IFLT, done);
        if (result.length > 0) {
            out.op(JavaType.of(type.results().getFirst()).returned().slots == 2 ? Opcodes.POP2 : Opcodes.POP);
        }
        out.variable(Opcodes.ALOAD, state);
        if (deep) {
            out.variable(Opcodes.ILOAD, state + 1);
        } else {
            out.constant(0);
        }
        out.variable(Opcodes.ALOAD, state);
        out.getField(RuntimeNames.STATE, "tail", "I");
        out.variable(Opcodes.ALOAD, state);
        out.constant(-1);
        out.putField(RuntimeNames.STATE, "tail", "I");
        out.callStatic(CLASS, runner(type), runnerDescriptor(type));
        out.jump(Opcodes.GOTO, again);
        out.label(done);
        mv.visitFrame(result.length == 0 ? Opcodes.F_SAME : Opcodes.F_SAME1, 0, null, result.length, result);
        out.op(JavaType.giveOpcode(type));
        mv.visitMaxs(state + 6, state + 3);
        mv.visitEnd();
    }

    private static MethodVisitor method(ClassVisitor to, String name, String descriptor) {
        return to.visitMethod(Opcodes.ACC_STATIC | Opcodes.ACC_PUBLIC, name, descriptor, null, null);
    }

    private static void passState(Bytecode out, int state, boolean deep) {
        out.variable(Opcodes.ALOAD, state);
        if (deep) {
            out.variable(Opcodes.ILOAD, state + 1);
        }
    }

    private static String runner(FuncType type) {
        return "r" + JavaType.resultDescriptor(type).charAt(0);
    }

    private static String runnerDescriptor(FuncType type) {
        return "(" + RuntimeNames.of(RuntimeNames.INSTANCE) + "II)" + JavaType.resultDescriptor(type);
    }

    /** One method for each JVM result type that runs what the state asked for. */
    static void writeDispatch(ModuleShape shape, Map<String, byte[]> classes) {
        Map<String, Map<Integer, Integer>> targets = new TreeMap<>();
        for (int function : shape.targets.tailFunctions()) {
            target(targets, shape, function, function);
        }
        for (FuncType type : shape.targets.tailTypes()) {
            FunctionRefs.Row row = shape.refs.row(type);
            for (int i = 0; i < row.functions().size(); i++) {
                target(
                        targets,
                        shape,
                        shape.tailTarget(row.first() + i),
                        row.functions().get(i));
            }
        }
        if (targets.isEmpty()) {
            return;
        }
        ClassWriter writer = ModuleCompiler.open(CLASS, "java/lang/Object");
        targets.values().forEach(cases -> writeRunners(shape, classes, cases, writer));
        ModuleCompiler.close(shape, CLASS, writer, classes);
    }

    private static void target(
            Map<String, Map<Integer, Integer>> targets, ModuleShape shape, int number, int function) {
        targets.computeIfAbsent(runner(shape.module.functionType(function)), key -> new TreeMap<>())
                .put(number, function);
    }

    private static void writeRunners(
            ModuleShape shape, Map<String, byte[]> classes, Map<Integer, Integer> cases, ClassVisitor to) {
        FuncType any = shape.module.functionType(cases.values().iterator().next());
        int slots = 0;
        for (int function : cases.values()) {
            slots = Math.max(slots, BridgeWriter.parameterSlots(shape.module.functionType(function)));
        }
        Cases.Case body = new Cases.Case() {
            @Override
            public void write(Bytecode out, int number) {
                run(shape, Objects.requireNonNull(cases.get(number)), out);
            }

            @Override
            public int bytes(int number) {
                FuncType type = shape.module.functionType(Objects.requireNonNull(cases.get(number)));
                return 10 + 12 * BridgeWriter.parameterSlots(type);
            }
        };
        String descriptor = runnerDescriptor(any);
        new Cases(shape, classes, runner(any), descriptor, 2, slots + 6, body)
                .write(method(to, runner(any), descriptor), List.copyOf(cases.keySet()));
    }

    private static void transferred(Bytecode out, String array, int index) {
        out.variable(Opcodes.ALOAD, 0);
        out.getField(RuntimeNames.STATE, array, "[J");
        out.constant(index);
        out.op(Opcodes.LALOAD);
    }

    /** Calls the body with the arguments of the transfer array. */
    private static void run(ModuleShape shape, int function, Bytecode out) {
        FuncType type = shape.module.functionType(function);
        for (int i = 0; i < type.params().size(); i++) {
            JavaType java = JavaType.of(type.params().get(i));
            transferred(out, "transfer", i);
            out.fromBits(java.returned());
            if (java == JavaType.VECTOR) {
                transferred(out, "high", i);
            }
        }
        passState(out, 0, shape.graph.deep(function));
        out.callStatic(shape.classOf(function), shape.bodyOf(function), shape.descriptor(function));
        out.op(JavaType.giveOpcode(type));
    }
}

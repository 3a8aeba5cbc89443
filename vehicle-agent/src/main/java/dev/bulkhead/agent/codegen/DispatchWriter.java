package dev.bulkhead.agent.codegen;

import dev.bulkhead.agent.wasm.FuncType;
import dev.bulkhead.agent.wasm.ValType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/** Writes one method per type that indirect calls use: a switch over the reference numbers of that type. Large ones become trees of switches. */
final class DispatchWriter {
    /** Keeps each method well below 8,000 bytes, beyond which the JIT never compiles it. */
    private static final int BYTES_PER_METHOD = 6_000;

    /** Each has up to four constants, and a class room for 65,535. */
    private static final int CASES_PER_CLASS = 8_000;

    private final ModuleShape shape;
    private final Map<String, ClassWriter> writers = new LinkedHashMap<>();

    private DispatchWriter(ModuleShape shape) {
        this.shape = shape;
    }

    /** In which class the method of each type stands, by number. */
    static Map<FuncType, Integer> classes(CallTargets targets, FunctionRefs refs) {
        Map<FuncType, Integer> numbers = new HashMap<>();
        int cases = 0;
        for (FuncType type : targets.dispatched().keySet()) {
            numbers.put(type, cases / CASES_PER_CLASS);
            cases += 1 + refs.row(type).functions().size();
        }
        return numbers;
    }

    static void write(ModuleShape shape, Map<String, byte[]> classes) {
        DispatchWriter dispatch = new DispatchWriter(shape);
        for (FuncType type : shape.targets.dispatched().keySet()) {
            FunctionRefs.Row row = shape.refs.row(type);
            Sub root = new Sub(shape.dispatchClass(type), shape.dispatchMethod(type));
            dispatch.method(type, root, row, 0, row.functions().size());
        }
        dispatch.writers.forEach((name, writer) -> ModuleCompiler.close(shape, name, writer, classes));
    }

    /** A method and its class. */
    private record Sub(String owner, String name) {}

    private void method(FuncType type, Sub name, FunctionRefs.Row row, int from, int to) {
        int perCase = 12 + 6 * type.params().size();
        int fit = Math.max(2, BYTES_PER_METHOD / perCase);
        int chunk = 1;
        while ((to - from + chunk - 1) / chunk > fit) {
            chunk *= fit;
        }
        List<Sub> subs = new ArrayList<>();
        if (chunk > 1) {
            for (int start = from; start < to; start += chunk) {
                String owner =
                        shape.dispatchClass(type) + "_" + shape.dispatchMethod(type) + "_" + start / CASES_PER_CLASS;
                Sub sub = new Sub(owner, shape.dispatchMethod(type) + "_" + start + "_" + chunk);
                method(type, sub, row, start, Math.min(start + chunk, to));
                subs.add(sub);
            }
        }
        cases(type, name, row, from, to, chunk, subs);
    }

    private void cases(FuncType type, Sub name, FunctionRefs.Row row, int from, int to, int chunk, List<Sub> subs) {
        String descriptor = shape.dispatchDescriptor(type);
        boolean deep = shape.graph.deep(type);
        MethodVisitor mv = writers.computeIfAbsent(
                        name.owner(), owner -> ModuleCompiler.open(owner, "java/lang/Object"))
                .visitMethod(Opcodes.ACC_STATIC | Opcodes.ACC_PUBLIC, name.name(), descriptor, null, null);
        Bytecode out = new Bytecode(mv);
        out.start();
        int reference = BridgeWriter.parameterSlots(type);
        int count = chunk == 1 ? to - from : subs.size();
        Label bad = new Label();
        Label[] labels = new Label[count];
        for (int i = 0; i < count; i++) {
            labels[i] = new Label();
        }
        if (count > 0) {
            out.variable(Opcodes.ILOAD, reference);
            if (chunk > 1) {
                range(out, reference, row, from, to, bad);
                out.variable(Opcodes.ILOAD, reference);
                out.constant(row.first() + from);
                out.op(Opcodes.ISUB);
                out.constant(chunk);
                out.op(Opcodes.IDIV);
                out.tableSwitch(0, count - 1, bad, labels);
            } else {
                out.tableSwitch(row.first() + from, row.first() + to - 1, bad, labels);
            }
            for (int i = 0; i < count; i++) {
                out.label(labels[i]);
                frame(mv);
                load(out, type);
                if (chunk > 1) {
                    out.variable(Opcodes.ILOAD, reference);
                    passState(out, reference, deep);
                    out.callStatic(subs.get(i).owner(), subs.get(i).name(), descriptor);
                } else {
                    int function = row.functions().get(from + i);
                    passState(out, reference, shape.graph.deep(function));
                    out.callStatic(shape.classOf(function), ModuleShape.methodOf(function), shape.descriptor(function));
                }
                out.op(JavaType.giveOpcode(type));
            }
            out.label(bad);
            frame(mv);
        }
        out.variable(Opcodes.ILOAD, reference);
        out.callStatic(RuntimeNames.STATE, "badReference", "(I)" + RuntimeNames.of(RuntimeNames.TRAP));
        out.op(Opcodes.ATHROW);
        mv.visitMaxs(reference + 6, reference + 3);
        mv.visitEnd();
    }

    /** Before the division, which would round numbers just below the first one up to it. */
    private static void range(Bytecode out, int reference, FunctionRefs.Row row, int from, int to, Label bad) {
        out.constant(row.first() + from);
        out.jump(Opcodes.IF_ICMPLT, bad);
        out.variable(Opcodes.ILOAD, reference);
        out.constant(row.first() + to);
        out.jump(Opcodes.IF_ICMPGE, bad);
    }

    private static void passState(Bytecode out, int reference, boolean deep) {
        out.variable(Opcodes.ALOAD, reference + 1);
        if (deep) {
            out.variable(Opcodes.ILOAD, reference + 2);
        }
    }

    private static void load(Bytecode out, FuncType type) {
        int local = 0;
        for (ValType param : type.params()) {
            local = JavaType.of(param).loadPassed(out, local);
        }
    }

    private static void frame(MethodVisitor mv) {
        // parameters only: the frame the method starts with
        mv.visitFrame(Opcodes.F_SAME, 0, null, 0, null);
    }
}

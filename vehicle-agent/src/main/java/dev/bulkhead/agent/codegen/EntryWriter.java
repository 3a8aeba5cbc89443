package dev.bulkhead.agent.codegen;

import dev.bulkhead.agent.wasm.FuncType;
import dev.bulkhead.agent.wasm.ValType;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/** Writes the ways into functions from outside: arguments out of an array, call, results into the array. The first stand in the state's class. One use. */
final class EntryWriter {
    private static final int PER_CLASS = 500;
    private static final String DESCRIPTOR = "([J" + RuntimeNames.of(RuntimeNames.INSTANCE) + "I)V";

    private final ModuleShape shape;
    private final Map<String, byte[]> classes;
    private final ClassWriter state;

    private String owner = RuntimeNames.INSTANCE;
    private @Nullable ClassWriter more;
    private int count;

    EntryWriter(ModuleShape shape, ClassWriter state, Map<String, byte[]> classes) {
        this.shape = shape;
        this.state = state;
        this.classes = classes;
    }

    /** Writes a function's entry; gives the class it stands in. */
    String write(int function) {
        if (count > 0 && count % PER_CLASS == 0) {
            close();
            owner = RuntimeNames.PACKAGE + "Entries" + count / PER_CLASS;
            more = ModuleCompiler.open(owner, "java/lang/Object");
        }
        count++;
        entry(function, Objects.requireNonNullElse(more, state));
        return owner;
    }

    void close() {
        if (more != null) {
            ModuleCompiler.close(shape, owner, more, classes);
        }
    }

    static void call(Bytecode out, String owner, int function) {
        out.callStatic(owner, "x" + function, DESCRIPTOR);
    }

    private void entry(int function, ClassWriter to) {
        FuncType type = shape.module.functionType(function);
        MethodVisitor mv =
                to.visitMethod(Opcodes.ACC_STATIC | Opcodes.ACC_PUBLIC, "x" + function, DESCRIPTOR, null, null);
        Bytecode out = new Bytecode(mv);
        out.start();
        int i = 0;
        for (ValType param : type.params()) {
            JavaType java = JavaType.of(param);
            argument(out, i++);
            out.fromBits(java.returned());
            if (java == JavaType.VECTOR) {
                argument(out, i++);
            }
        }
        out.variable(Opcodes.ALOAD, 1);
        if (shape.graph.deep(function)) {
            out.variable(Opcodes.ILOAD, 2);
        }
        out.callStatic(shape.classOf(function), ModuleShape.methodOf(function), shape.descriptor(function));
        if (!type.results().isEmpty()) {
            out.toBits(JavaType.of(type.results().getFirst()).returned());
            out.variable(Opcodes.LSTORE, 3);
        }
        results(out, type);
        out.op(Opcodes.RETURN);
        mv.visitMaxs(4 * type.params().size() + 8, 5);
        mv.visitEnd();
    }

    private static void results(Bytecode out, FuncType type) {
        int at = 0;
        for (int k = 0; k < type.results().size(); k++) {
            out.variable(Opcodes.ALOAD, 0);
            out.constant(at++);
            if (k == 0) {
                out.variable(Opcodes.LLOAD, 3);
            } else {
                half(out, 1, "transfer", k);
            }
            out.op(Opcodes.LASTORE);
            if (type.results().get(k) == ValType.V128) {
                out.variable(Opcodes.ALOAD, 0);
                out.constant(at++);
                half(out, 1, "high", k);
                out.op(Opcodes.LASTORE);
            }
        }
    }

    private static void argument(Bytecode out, int index) {
        out.variable(Opcodes.ALOAD, 0);
        out.constant(index);
        out.op(Opcodes.LALOAD);
    }

    /** An element of one of the arrays of the state, which is at a local. */
    static void half(Bytecode out, int state, String array, int index) {
        out.variable(Opcodes.ALOAD, state);
        out.getField(RuntimeNames.STATE, array, "[J");
        out.constant(index);
        out.op(Opcodes.LALOAD);
    }
}

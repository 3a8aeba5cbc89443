package dev.bulkhead.agent.codegen;

import dev.bulkhead.agent.wasm.FuncType;
import dev.bulkhead.agent.wasm.ValType;
import dev.bulkhead.agent.wasm.WasmModule;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/** Writes the instance's state class: a field for each global and each host function, and the way in for exports. */
final class StateWriter {
    private static final String NAME = RuntimeNames.INSTANCE;

    private final ModuleShape shape;
    private final WasmModule module;
    private final ClassWriter writer;

    private StateWriter(ModuleShape shape, ClassWriter writer) {
        this.shape = shape;
        this.module = shape.module;
        this.writer = writer;
    }

    static void write(ModuleShape shape, Map<String, byte[]> classes) {
        ClassWriter writer = ModuleCompiler.open(NAME, RuntimeNames.STATE);
        StateWriter state = new StateWriter(shape, writer);
        state.fields();
        state.constructor();
        state.readGlobal();
        state.writeGlobal();
        state.link();
        state.invoke();
        ModuleCompiler.close(shape, NAME, writer, classes);
    }

    private void fields() {
        for (int i = 0; i < module.globals().size(); i++) {
            JavaType type = shape.globalType(i);
            field(ModuleShape.global(i), type.returned().descriptor);
            if (type == JavaType.VECTOR) {
                field(ModuleShape.upperHalf(i), JavaType.LONG.descriptor);
            }
        }
        for (int i = 0; i < module.importedFunctions().size(); i++) {
            field("h" + i, RuntimeNames.of(RuntimeNames.HOST_CALL));
        }
    }

    private void field(String name, String descriptor) {
        writer.visitField(Opcodes.ACC_PUBLIC, name, descriptor, null, null).visitEnd();
    }

    private void constructor() {
        String descriptor = "(" + RuntimeNames.of(RuntimeNames.PARTS) + RuntimeNames.of(RuntimeNames.METER) + ")V";
        MethodVisitor mv = writer.visitMethod(Opcodes.ACC_PUBLIC, "<init>", descriptor, null, null);
        mv.visitCode();
        mv.visitVarInsn(Opcodes.ALOAD, 0);
        mv.visitVarInsn(Opcodes.ALOAD, 1);
        mv.visitVarInsn(Opcodes.ALOAD, 2);
        mv.visitMethodInsn(Opcodes.INVOKESPECIAL, RuntimeNames.STATE, "<init>", descriptor, false);
        if (shape.vectors) {
            mv.visitVarInsn(Opcodes.ALOAD, 0);
            mv.visitMethodInsn(Opcodes.INVOKEVIRTUAL, RuntimeNames.STATE, "carryVectors", "()V", false);
        }
        mv.visitInsn(Opcodes.RETURN);
        mv.visitMaxs(3, 3);
        mv.visitEnd();
    }

    /** Writes {@code method(int index, …)} as a switch over 0 … count−1; each case must return. */
    private void switched(String name, String descriptor, int locals, List<Integer> keys, Case body) {
        MethodVisitor mv = writer.visitMethod(Opcodes.ACC_PROTECTED | Opcodes.ACC_FINAL, name, descriptor, null, null);
        Bytecode out = new Bytecode(mv);
        out.start();
        Label unknown = new Label();
        Label[] labels = new Label[keys.size()];
        int[] sorted = new int[keys.size()];
        for (int i = 0; i < labels.length; i++) {
            labels[i] = new Label();
            sorted[i] = keys.get(i);
        }
        if (labels.length > 0) {
            out.variable(Opcodes.ILOAD, 1);
            mv.visitLookupSwitchInsn(unknown, sorted, labels);
            for (int i = 0; i < labels.length; i++) {
                out.label(labels[i]);
                mv.visitFrame(Opcodes.F_SAME, 0, null, 0, null);
                body.write(out, keys.get(i));
            }
            out.label(unknown);
            mv.visitFrame(Opcodes.F_SAME, 0, null, 0, null);
        }
        mv.visitTypeInsn(Opcodes.NEW, "java/lang/IllegalArgumentException");
        out.op(Opcodes.DUP);
        mv.visitMethodInsn(Opcodes.INVOKESPECIAL, "java/lang/IllegalArgumentException", "<init>", "()V", false);
        out.op(Opcodes.ATHROW);
        mv.visitMaxs(300, locals);
        mv.visitEnd();
    }

    private interface Case {
        void write(Bytecode out, int key);
    }

    private List<Integer> plainGlobals() {
        return IntStream.range(0, module.globals().size())
                .filter(i -> shape.globalType(i) != JavaType.OBJECT)
                .boxed()
                .toList();
    }

    private void readGlobal() {
        switched("global", "(I)J", 2, plainGlobals(), (out, global) -> {
            JavaType type = shape.globalType(global).returned();
            out.variable(Opcodes.ALOAD, 0);
            out.getField(NAME, ModuleShape.global(global), type.descriptor);
            out.toBits(type);
            out.op(Opcodes.LRETURN);
        });
    }

    private void writeGlobal() {
        switched("initialize", "(IJ)V", 4, plainGlobals(), (out, global) -> {
            JavaType type = shape.globalType(global).returned();
            out.variable(Opcodes.ALOAD, 0);
            out.variable(Opcodes.LLOAD, 2);
            out.fromBits(type);
            out.putField(NAME, ModuleShape.global(global), type.descriptor);
            if (shape.globalType(global) == JavaType.VECTOR) {
                out.variable(Opcodes.ALOAD, 0);
                high(out, 0, 0);
                out.putField(NAME, ModuleShape.upperHalf(global), type.descriptor);
            }
            out.op(Opcodes.RETURN);
        });
    }

    private void link() {
        String calls = "[" + RuntimeNames.of(RuntimeNames.HOST_CALL);
        MethodVisitor mv =
                writer.visitMethod(Opcodes.ACC_PROTECTED | Opcodes.ACC_FINAL, "link", "(" + calls + ")V", null, null);
        Bytecode out = new Bytecode(mv);
        out.start();
        for (int i = 0; i < module.importedFunctions().size(); i++) {
            out.variable(Opcodes.ALOAD, 0);
            out.variable(Opcodes.ALOAD, 1);
            out.constant(i);
            out.op(Opcodes.AALOAD);
            out.putField(NAME, "h" + i, RuntimeNames.of(RuntimeNames.HOST_CALL));
        }
        out.op(Opcodes.RETURN);
        mv.visitMaxs(3, 2);
        mv.visitEnd();
    }

    private void invoke() {
        TreeSet<Integer> functions = new TreeSet<>();
        for (WasmModule.Export export : module.exports()) {
            if (export.kind() == WasmModule.ExternalKind.FUNCTION) {
                functions.add(export.index());
            }
        }
        if (module.startFunction() != WasmModule.NO_START) {
            functions.add(module.startFunction());
        }
        for (int function : functions) {
            entry(function);
        }
        switched("invoke", "(I[JI)V", 4, List.copyOf(functions), (out, function) -> {
            out.variable(Opcodes.ALOAD, 2);
            out.variable(Opcodes.ALOAD, 0);
            out.variable(Opcodes.ILOAD, 3);
            out.callStatic(NAME, "x" + function, "([JL" + NAME + ";I)V");
            out.op(Opcodes.RETURN);
        });
    }

    /** Arguments out of the array, call, results into the array. */
    private void entry(int function) {
        FuncType type = module.functionType(function);
        MethodVisitor mv = writer.visitMethod(
                Opcodes.ACC_STATIC | Opcodes.ACC_PRIVATE, "x" + function, "([JL" + NAME + ";I)V", null, null);
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
                high(out, 1, k);
                out.op(Opcodes.LASTORE);
            }
        }
        out.op(Opcodes.RETURN);
        mv.visitMaxs(4 * type.params().size() + 8, 5);
        mv.visitEnd();
    }

    private static void argument(Bytecode out, int index) {
        out.variable(Opcodes.ALOAD, 0);
        out.constant(index);
        out.op(Opcodes.LALOAD);
    }

    private static void high(Bytecode out, int state, int index) {
        half(out, state, "high", index);
    }

    private static void half(Bytecode out, int state, String array, int index) {
        out.variable(Opcodes.ALOAD, state);
        out.getField(RuntimeNames.STATE, array, "[J");
        out.constant(index);
        out.op(Opcodes.LALOAD);
    }
}

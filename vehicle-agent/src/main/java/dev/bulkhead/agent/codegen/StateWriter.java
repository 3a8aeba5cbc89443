package dev.bulkhead.agent.codegen;

import dev.bulkhead.agent.wasm.WasmModule;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/** Writes the instance's state class: a field for each global and each host function, and the way in for exports. */
final class StateWriter {
    private static final String NAME = RuntimeNames.INSTANCE;
    private static final String CALLS = "[" + RuntimeNames.of(RuntimeNames.HOST_CALL);
    private static final int LINKS_PER_METHOD = 500;

    private final ModuleShape shape;
    private final WasmModule module;
    private final ClassWriter writer;
    private final Map<String, byte[]> classes;

    private StateWriter(ModuleShape shape, ClassWriter writer, Map<String, byte[]> classes) {
        this.shape = shape;
        this.module = shape.module;
        this.writer = writer;
        this.classes = classes;
    }

    static void write(ModuleShape shape, Map<String, byte[]> classes) {
        ClassWriter writer = ModuleCompiler.open(NAME, RuntimeNames.STATE);
        StateWriter state = new StateWriter(shape, writer, classes);
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

    private MethodVisitor method(String name, String descriptor) {
        return writer.visitMethod(Opcodes.ACC_PROTECTED | Opcodes.ACC_FINAL, name, descriptor, null, null);
    }

    /** Writes {@code name(int number, …)}, of up to {@code bytes} bytes a number; {@code parameters} are those behind it. */
    private void numbered(
            String name, String parameters, String result, List<Integer> numbers, int bytes, ByNumber code) {
        Cases.Case body = new Cases.Case() {
            @Override
            public void write(Bytecode out, int number) {
                code.write(out, number);
            }

            @Override
            public int bytes(int number) {
                return bytes;
            }
        };
        String descriptor = "(" + RuntimeNames.of(NAME) + "I" + parameters + ")" + result;
        new Cases(shape, classes, name, descriptor, 1, 6, body)
                .write(method(name, "(I" + parameters + ")" + result), numbers);
    }

    private interface ByNumber {
        void write(Bytecode out, int number);
    }

    private List<Integer> plainGlobals() {
        return IntStream.range(0, module.globals().size())
                .filter(i -> shape.globalType(i) != JavaType.OBJECT)
                .boxed()
                .toList();
    }

    private void readGlobal() {
        numbered("global", "", "J", plainGlobals(), 10, (out, global) -> {
            JavaType type = shape.globalType(global).returned();
            out.variable(Opcodes.ALOAD, 0);
            out.getField(NAME, ModuleShape.global(global), type.descriptor);
            out.toBits(type);
            out.op(Opcodes.LRETURN);
        });
    }

    private void writeGlobal() {
        numbered("initialize", "J", "V", plainGlobals(), 20, (out, global) -> {
            JavaType type = shape.globalType(global).returned();
            out.variable(Opcodes.ALOAD, 0);
            out.variable(Opcodes.LLOAD, 2);
            out.fromBits(type);
            out.putField(NAME, ModuleShape.global(global), type.descriptor);
            if (shape.globalType(global) == JavaType.VECTOR) {
                out.variable(Opcodes.ALOAD, 0);
                EntryWriter.half(out, 0, "high", 0);
                out.putField(NAME, ModuleShape.upperHalf(global), type.descriptor);
            }
            out.op(Opcodes.RETURN);
        });
    }

    private void link() {
        int imports = module.importedFunctions().size();
        if (imports <= LINKS_PER_METHOD) {
            links(method("link", "(" + CALLS + ")V"), 0, imports);
            return;
        }
        Bytecode out = new Bytecode(method("link", "(" + CALLS + ")V"));
        out.start();
        String descriptor = "(" + RuntimeNames.of(NAME) + CALLS + ")V";
        for (int from = 0; from < imports; from += LINKS_PER_METHOD) {
            String owner = RuntimeNames.PACKAGE + "Links" + from / LINKS_PER_METHOD;
            ClassWriter some = ModuleCompiler.open(owner, "java/lang/Object");
            links(
                    some.visitMethod(Opcodes.ACC_STATIC | Opcodes.ACC_PUBLIC, "link", descriptor, null, null),
                    from,
                    Math.min(imports, from + LINKS_PER_METHOD));
            ModuleCompiler.close(shape, owner, some, classes);
            out.variable(Opcodes.ALOAD, 0);
            out.variable(Opcodes.ALOAD, 1);
            out.callStatic(owner, "link", descriptor);
        }
        out.op(Opcodes.RETURN);
        out.mv.visitMaxs(2, 2);
        out.mv.visitEnd();
    }

    private static void links(MethodVisitor mv, int from, int to) {
        Bytecode out = new Bytecode(mv);
        out.start();
        for (int i = from; i < to; i++) {
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
        EntryWriter entries = new EntryWriter(shape, writer, classes);
        Map<Integer, String> owners = new HashMap<>();
        functions.forEach(function -> owners.put(function, entries.write(function)));
        entries.close();
        numbered("invoke", "[JI", "V", List.copyOf(functions), 8, (out, function) -> {
            out.variable(Opcodes.ALOAD, 2);
            out.variable(Opcodes.ALOAD, 0);
            out.variable(Opcodes.ILOAD, 3);
            EntryWriter.call(out, Objects.requireNonNull(owners.get(function)), function);
            out.op(Opcodes.RETURN);
        });
    }
}

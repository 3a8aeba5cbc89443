package dev.bulkhead.agent.codegen;

import dev.bulkhead.agent.wasm.FuncType;
import dev.bulkhead.agent.wasm.ValType;
import dev.bulkhead.agent.wasm.WasmModule;
import dev.bulkhead.contract.notation.Quote;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/** Writes the method through which compiled code calls a host function: guest values to raw bits, and whatever is thrown contained. */
final class BridgeWriter {
    private static final int LONGEST_DIRECT = 4;

    private BridgeWriter() {}

    static void write(ModuleShape shape, int function, ClassVisitor to) {
        FuncType type = shape.module.functionType(function);
        if (type.params().contains(ValType.V128) || type.results().contains(ValType.V128)) {
            WasmModule.ImportedFunction imported =
                    shape.module.importedFunctions().get(function);
            throw new NotCompilableException("import " + Quote.of(imported.module()) + "." + Quote.of(imported.name())
                    + ", function " + function + ": no host function takes v128");
        }
        MethodVisitor mv = to.visitMethod(
                Opcodes.ACC_STATIC | Opcodes.ACC_PUBLIC,
                ModuleShape.methodOf(function),
                shape.descriptor(function),
                null,
                null);
        Bytecode out = new Bytecode(mv);
        int state = parameterSlots(type);
        Label start = new Label();
        Label end = new Label();
        Label handler = new Label();
        mv.visitTryCatchBlock(start, end, handler, "java/lang/Throwable");
        out.start();
        out.label(start);
        out.variable(Opcodes.ALOAD, state);
        out.getField(RuntimeNames.INSTANCE, "h" + function, RuntimeNames.of(RuntimeNames.HOST_CALL));
        out.variable(Opcodes.ALOAD, state);
        int count = type.params().size();
        if (count <= LONGEST_DIRECT) {
            arguments(out, type, false);
        } else {
            out.constant(count);
            mv.visitIntInsn(Opcodes.NEWARRAY, Opcodes.T_LONG);
            arguments(out, type, true);
        }
        mv.visitMethodInsn(
                Opcodes.INVOKEINTERFACE,
                RuntimeNames.HOST_CALL,
                count <= LONGEST_DIRECT ? "call" + count : "call",
                "(" + RuntimeNames.of(RuntimeNames.MEMORY) + (count <= LONGEST_DIRECT ? "J".repeat(count) : "[J")
                        + ")J",
                true);
        if (type.results().isEmpty()) {
            out.op(Opcodes.POP2);
        } else {
            out.fromBits(JavaType.of(type.results().getFirst()));
        }
        out.label(end);
        out.op(JavaType.giveOpcode(type));
        out.label(handler);
        mv.visitFrame(Opcodes.F_SAME1, 0, null, 1, new Object[] {"java/lang/Throwable"});
        out.callStatic(RuntimeNames.STATE, "hostFailure", "(Ljava/lang/Throwable;)Ljava/lang/RuntimeException;");
        out.op(Opcodes.ATHROW);
        mv.visitMaxs(2 * count + 10, state + 2);
        mv.visitEnd();
    }

    static int parameterSlots(FuncType type) {
        int slots = 0;
        for (ValType param : type.params()) {
            slots += JavaType.of(param).passedSlots();
        }
        return slots;
    }

    private static void arguments(Bytecode out, FuncType type, boolean array) {
        int local = 0;
        for (int i = 0; i < type.params().size(); i++) {
            JavaType java = JavaType.of(type.params().get(i));
            if (array) {
                out.op(Opcodes.DUP);
                out.constant(i);
            }
            out.load(java, local);
            out.toBits(java);
            if (array) {
                out.op(Opcodes.LASTORE);
            }
            local += java.slots;
        }
    }
}

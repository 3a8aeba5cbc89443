package dev.bulkhead.agent.codegen;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.dylibso.chicory.wabt.Wat2Wasm;
import dev.bulkhead.agent.wasm.ModuleReader;
import dev.bulkhead.agent.wasm.ReaderLimits;
import dev.bulkhead.agent.wasm.WasmModule;
import java.util.HashMap;
import org.junit.jupiter.api.Test;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/** What the format of JVM classes has no room for is refused in the module's terms: which function or what else, the value, the limit. */
class NotCompilableTest {
    private static final ReaderLimits LIMITS = new ReaderLimits(100, 100, 100, 10_000, 100, 100, 100, true);
    private static final String FUNCTIONS = "(func)".repeat(17);

    private static ModuleShape shape() {
        WasmModule module =
                ModuleReader.read(Wat2Wasm.parse("(module " + FUNCTIONS + "(func (export \"long\")) (func))"), LIMITS);
        FunctionRefs refs = FunctionRefs.of(module);
        return new ModuleShape(
                module,
                refs,
                new CallGraph(module, refs),
                new FrameSizes(module.functionCount()),
                new Prepaid(module),
                new CallTargets(module),
                false,
                CodeForm.METERED);
    }

    private static String refusal(String name, ClassWriter writer) {
        return assertThrows(
                        NotCompilableException.class,
                        () -> ModuleCompiler.close(shape(), RuntimeNames.PACKAGE + name, writer, new HashMap<>()))
                .what();
    }

    private static String refusalOfMethod(String className, String method) {
        ClassWriter writer = ModuleCompiler.open(RuntimeNames.PACKAGE + className, "java/lang/Object");
        MethodVisitor mv = writer.visitMethod(Opcodes.ACC_STATIC, method, "()V", null, null);
        mv.visitCode();
        for (int i = 0; i < 65_536; i++) {
            mv.visitInsn(Opcodes.NOP);
        }
        mv.visitInsn(Opcodes.RETURN);
        mv.visitMaxs(0, 0);
        mv.visitEnd();
        return refusal(className, writer);
    }

    private static String refusalOfClass(String className) {
        ClassWriter writer = ModuleCompiler.open(RuntimeNames.PACKAGE + className, "java/lang/Object");
        for (int i = 0; i < 65_536; i++) {
            writer.newConst(i);
        }
        return refusal(className, writer);
    }

    @Test
    void aFunctionIsNamedByIndexAndNameWhicheverOfItsMethodsIsTooLong() {
        for (String method : new String[] {"f17", "b17", "s17_3", "f17_2", "f17p40", "e17", "x17"}) {
            assertEquals(
                    "function 17 (long) is too large to compile: 65537 bytes of JVM code, at most 65535 are possible",
                    refusalOfMethod("F1", method));
        }
        assertEquals(
                "function 3 is too large to compile: 65537 bytes of JVM code, at most 65535 are possible",
                refusalOfMethod("F0", "f3"));
    }

    @Test
    void functionsThatShareAClassAreNamedTogether() {
        for (String name : new String[] {"F1", "S1", "P1_2"}) {
            String refusal = refusalOfClass(name);
            assertEquals(
                    "the code from function 16 to function 18 is too large to compile: "
                            + refusal.replaceAll("\\D*16\\D*18\\D*(\\d+).*", "$1")
                            + " JVM constants, at most 65535 are possible",
                    refusal);
        }
    }

    @Test
    void whatIsOfNoFunctionIsNamedByWhatItIsInTheModule() {
        String bytes = " is too large to compile: 65537 bytes of JVM code, at most 65535 are possible";
        assertEquals("the module's table of indirect calls" + bytes, refusalOfMethod("Dispatch0", "t0"));
        assertEquals("the module's table of tail calls" + bytes, refusalOfMethod("Tail", "rI"));
        assertEquals(
                "the module's table of globals, imports and exports" + bytes, refusalOfMethod("State", "initialize"));
    }
}

package dev.bulkhead.agent.codegen;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;

import com.dylibso.chicory.wabt.Wat2Wasm;
import dev.bulkhead.agent.wasm.ModuleReader;
import dev.bulkhead.agent.wasm.ReaderLimits;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Labels that nothing jumps to still need frames that the JVM's verifier believes. */
class DeadLabelTest {
    private static final ReaderLimits LIMITS = new ReaderLimits(100, 100, 100, 10_000, 100, 100, 100, true);

    private static final class Loader extends ClassLoader {
        private final Map<String, byte[]> classes;

        Loader(Map<String, byte[]> classes) {
            super(DeadLabelTest.class.getClassLoader());
            this.classes = classes;
        }

        @Override
        protected Class<?> findClass(String name) throws ClassNotFoundException {
            byte[] bytes = classes.get(name);
            if (bytes == null) {
                throw new ClassNotFoundException(name);
            }
            return defineClass(name, bytes, 0, bytes.length);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "(func (param i32) (result i32) (loop (result i32) (br 0)))",
                "(func (param i32) (result f64) (block (result f64) (loop (br 0)) (unreachable)))",
                "(func (param i32) (result i64) (block (result i64) (return (i64.const 1))))",
                "(func (param i32) (result i32) (i32.add (local.get 0) (loop (result i32) (br 0))))",
                "(func (param i32) (result i32) (if (result i32) (local.get 0) (then (return (i32.const 1))) (else (unreachable))))"
            })
    void verifies(String function) {
        for (CodeForm form : CodeForm.values()) {
            verifies(function, form);
        }
    }

    private static void verifies(String function, CodeForm form) {
        GeneratedModule module = ModuleCompiler.compile(
                ModuleReader.read(Wat2Wasm.parse("(module " + function + ")"), LIMITS), LIMITS, form);
        Loader loader = new Loader(module.classes());
        assertDoesNotThrow(() -> {
            for (String name : module.classes().keySet()) {
                Class.forName(name, true, loader);
            }
        });
    }
}

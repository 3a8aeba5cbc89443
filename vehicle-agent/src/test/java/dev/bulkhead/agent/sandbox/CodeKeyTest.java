package dev.bulkhead.agent.sandbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.bulkhead.agent.codegen.CodeForm;
import dev.bulkhead.agent.codegen.ModuleCompiler;
import dev.bulkhead.agent.wasm.ReaderLimits;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Code that was compiled under other circumstances is not found in the cache. */
final class CodeKeyTest {
    private static final ReaderLimits LIMITS = new ReaderLimits(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, true);
    private static final CodeKey KEY = new CodeKey("abc", 1, LIMITS, CodeForm.METERED, "25+36");

    private static void differs(CodeKey other) {
        assertNotEquals(KEY.hex(), other.hex(), other.toString());
    }

    private static void differs(ReaderLimits other) {
        differs(new CodeKey("abc", 1, other, CodeForm.METERED, "25+36"));
    }

    @Test
    void isTheSameForTheSame() {
        ReaderLimits again = new ReaderLimits(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, true);
        assertEquals(KEY.hex(), new CodeKey("abc", 1, again, CodeForm.METERED, "25+36").hex());
    }

    @Test
    void isAnotherForAnotherModuleGeneratorFormOrJvm() {
        differs(new CodeKey("abd", 1, LIMITS, CodeForm.METERED, "25+36"));
        differs(new CodeKey("abc", 2, LIMITS, CodeForm.METERED, "25+36"));
        differs(new CodeKey("abc", 1, LIMITS, CodeForm.PLAIN, "25+36"));
        differs(new CodeKey("abc", 1, LIMITS, CodeForm.UNMETERED, "25+36"));
        differs(new CodeKey("abc", 1, LIMITS, CodeForm.METERED, "25+37"));
    }

    @Test
    void isAnotherForEachLimit() {
        differs(new ReaderLimits(9, 2, 3, 4, 5, 6, 7, 8, 9, 10, true));
        differs(new ReaderLimits(1, 9, 3, 4, 5, 6, 7, 8, 9, 10, true));
        differs(new ReaderLimits(1, 2, 9, 4, 5, 6, 7, 8, 9, 10, true));
        differs(new ReaderLimits(1, 2, 3, 9, 5, 6, 7, 8, 9, 10, true));
        differs(new ReaderLimits(1, 2, 3, 4, 9, 6, 7, 8, 9, 10, true));
        differs(new ReaderLimits(1, 2, 3, 4, 5, 9, 7, 8, 9, 10, true));
        differs(new ReaderLimits(1, 2, 3, 4, 5, 6, 9, 8, 9, 10, true));
        differs(new ReaderLimits(1, 2, 3, 4, 5, 6, 7, 0, 9, 10, true));
        differs(new ReaderLimits(1, 2, 3, 4, 5, 6, 7, 8, 0, 10, true));
        differs(new ReaderLimits(1, 2, 3, 4, 5, 6, 7, 8, 9, 0, true));
        differs(new ReaderLimits(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, false));
    }

    @Test
    void isOfThisGeneratorAndThisJvm() {
        CodeKey here = CodeKey.of("abc", LIMITS, CodeForm.PLAIN);
        assertEquals(
                new CodeKey(
                        "abc", ModuleCompiler.VERSION, LIMITS, CodeForm.PLAIN, System.getProperty("java.vm.version")),
                here);
    }

    @Test
    void isWhatTheEngineKeepsItsCodeUnder() {
        List<String> stored = new ArrayList<>();
        CodeCache cache = new CodeCache() {
            @Override
            public Optional<StoredClasses> load(String key) {
                return Optional.empty();
            }

            @Override
            public void store(String key, Map<String, byte[]> classes) {
                stored.add(key);
            }
        };
        byte[] module = ModuleBytes.module(sections -> {});
        CompilingEngine engine = CompilingEngine.metered(cache);
        for (int globals : new int[] {10, 11, 10}) {
            Limits limits = new Limits(1_000, 0, 1, 2, 3, 4, 8, 9, 5, globals);
            engine.compile(module, "abc", limits, ImportGate.none());
        }
        boolean vectors = ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent();
        ReaderLimits ten = new ReaderLimits(1, 2, 3, 4, 5, 10, 120, 8, 9, ReaderLimits.CONSTANT_STEPS, vectors);
        ReaderLimits eleven = new ReaderLimits(1, 2, 3, 4, 5, 11, 120, 8, 9, ReaderLimits.CONSTANT_STEPS, vectors);
        assertEquals(
                List.of(
                        CodeKey.of("abc", ten, CodeForm.METERED).hex(),
                        CodeKey.of("abc", eleven, CodeForm.METERED).hex()),
                stored);
    }
}

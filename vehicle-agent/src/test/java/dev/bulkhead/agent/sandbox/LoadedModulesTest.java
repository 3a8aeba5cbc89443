package dev.bulkhead.agent.sandbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class LoadedModulesTest {
    private static final String ONE_PAGE = """
            (module (import "env" "now" (func $now (result i64))) (memory 1) (global $count (mut i32) (i32.const 0))
              (func (export "next") (result i32)
                (global.set $count (i32.add (global.get $count) (i32.const 1))) (global.get $count)))""";

    private final CompilingEngine engine = CompilingEngine.metered();

    private CompiledModule compiled(byte[] module, long memory, ImportGate gate) {
        return engine.compile(module, Limits.forMemory(memory), gate);
    }

    private static ImportGate now() {
        return (from, name) -> new ImportGate.Ruling.Known(Signature.parse("()i64"));
    }

    @Test
    void givesTheLoadedModuleToARestart() throws IOException {
        byte[] module = Wat.bytes(ONE_PAGE);
        assertSame(compiled(module, Wat.PLENTY, now()), compiled(module.clone(), Wat.PLENTY, now()));
    }

    @Test
    void sharesNothingButCodeBetweenInstances() throws IOException {
        HostImports imports = HostImports.builder()
                .function("env", "now", Signature.parse("()i64"), (memory, args) -> 0)
                .build();
        for (int i = 0; i < 2; i++) {
            Instance instance = compiled(Wat.bytes(ONE_PAGE), Wat.PLENTY, now())
                    .instantiate(imports, Budget.unlimitedCpu(Wat.PLENTY), CpuMeter.unlimited());
            assertEquals(new Outcome.Returned(List.of(1L)), instance.call("next"));
        }
    }

    @Test
    void asksTheGateAgainForALoadedModule() throws IOException {
        byte[] module = Wat.bytes(ONE_PAGE);
        compiled(module, Wat.PLENTY, now());
        ImportGate stricter = (from, name) -> new ImportGate.Ruling.Uncovered("clock");
        assertThrows(AdmissionException.class, () -> compiled(module, Wat.PLENTY, stricter));
    }

    @Test
    void holdsALoadedModuleAgainstASmallerBudget() throws IOException {
        byte[] module = Wat.bytes(ONE_PAGE);
        compiled(module, Wat.PLENTY, now());
        assertThrows(AdmissionException.class, () -> compiled(module, 65_535, now()));
    }

    @Test
    void forgetsTheLongestUnusedBeyondItsBound() throws IOException {
        LoadedModules modules = new LoadedModules();
        LoadedModule module = (LoadedModule) compiled(Wat.bytes("(module)"), Wat.PLENTY, ImportGate.none());
        for (int i = 0; i < 256; i++) {
            modules.keep("module " + i, module);
        }
        assertSame(module, modules.find("module 0").orElseThrow());
        modules.keep("one more", module);
        assertEquals(Optional.empty(), modules.find("module 1"));
        assertSame(module, modules.find("module 0").orElseThrow());
    }

    @Test
    void compilesAnotherModuleOfTheSameShape() throws IOException {
        assertNotSame(
                compiled(Wat.bytes(ONE_PAGE), Wat.PLENTY, now()),
                compiled(Wat.bytes(ONE_PAGE.replace("const 1", "const 2")), Wat.PLENTY, now()));
    }
}

package dev.bulkhead.agent.sandbox;

import com.dylibso.chicory.wabt.Wat2Wasm;
import java.util.Optional;

/** Modules written in the text format, made and run as tests need it. */
final class Wat {
    static final long PLENTY = 64L << 20;

    private Wat() {}

    static byte[] bytes(String text) {
        return Wat2Wasm.parse(text);
    }

    static CompiledModule compile(String text) {
        return compile(bytes(text), Limits.forMemory(PLENTY));
    }

    static CompiledModule compile(byte[] bytes, Limits limits) {
        return CompilingEngine.metered().compile(bytes, limits, Wat::gate);
    }

    static Instance instance(String text) {
        return instance(text, CpuMeter.unlimited());
    }

    static Instance instance(String text, CpuMeter meter) {
        return compile(text).instantiate(imports(), Budget.unlimitedCpu(PLENTY), meter);
    }

    /** {@code app.echo (i64) → i64}, {@code app.fail ()} which throws, {@code app.exit (i32)}. */
    static HostImports imports() {
        return HostImports.builder()
                .function("app", "echo", Signature.parse("(i64)i64"), (memory, args) -> args[0])
                .function("app", "fail", Signature.parse("()"), (memory, args) -> {
                    throw new IllegalStateException("a bug of the host");
                })
                .function("app", "exit", Signature.parse("(i32)"), (memory, args) -> {
                    throw KillException.exited((int) args[0]);
                })
                .build();
    }

    private static ImportGate.Ruling gate(String module, String name) {
        if (name.equals("secret")) {
            return new ImportGate.Ruling.Uncovered("signal … actuate");
        }
        return imports()
                .signature(module, name)
                .<ImportGate.Ruling>map(ImportGate.Ruling.Known::new)
                .orElse(new ImportGate.Ruling.Unknown(Optional.of("echo")));
    }
}

package dev.bulkhead.agent.sandbox;

import com.dylibso.chicory.wabt.Wat2Wasm;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.Optional;

/** Modules written in the text format, made and run as tests need it. */
final class Wat {
    static final long PLENTY = 64L << 20;

    private Wat() {}

    static byte[] bytes(String text) {
        return Wat2Wasm.parse(text);
    }

    /** The text's module with every {@code call} that is followed by {@code return} made a tail call; the text format of wabt has none. */
    static byte[] tailCalling(String text) {
        byte[] module = bytes(text);
        for (int i = 8; i + 2 < module.length; i++) {
            if (module[i] == 0x10 && module[i + 1] < 0x10 && module[i + 2] == 0x0F) {
                module[i] = 0x12;
                module[i + 2] = 0x01;
            }
        }
        return module;
    }

    /**
     * A module in bytes, for what the text format of wabt has not: in each section the id, then its items in a row. Types are counted by their form;
     * of functions, tags, exports and bodies there is one each.
     */
    static byte[] sections(int[]... sections) {
        ByteArrayOutputStream module = new ByteArrayOutputStream();
        module.writeBytes(new byte[] {0, 'a', 's', 'm', 1, 0, 0, 0});
        for (int[] section : sections) {
            boolean types = section[0] == 1;
            boolean code = section[0] == 10;
            int items =
                    types ? (int) Arrays.stream(section).filter(b -> b == 0x60).count() : 1;
            module.write(section[0]);
            module.write(section.length + (code ? 1 : 0));
            module.write(items);
            if (code) {
                module.write(section.length - 1);
            }
            Arrays.stream(section).skip(1).forEach(module::write);
        }
        return module.toByteArray();
    }

    static Instance instance(byte[] module) {
        return compile(module, Limits.forMemory(PLENTY))
                .instantiate(imports(), Budget.unlimitedCpu(PLENTY), CpuMeter.unlimited());
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

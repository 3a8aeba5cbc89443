package dev.bulkhead.agent.sandbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulkhead.agent.codegen.CodeForm;
import dev.bulkhead.agent.codegen.ModuleCompiler;
import dev.bulkhead.agent.wasm.ModuleReader;
import dev.bulkhead.agent.wasm.ReaderLimits;
import java.io.ByteArrayOutputStream;
import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.lang.classfile.MethodModel;
import java.util.Map;
import java.util.TreeMap;
import run.endive.wasm.Parser;
import run.endive.wasm.WasmEngineException;

/** What every function too long for a method of the JVM is held to. */
final class LongFunctions {
    /** HotSpot never compiles a method longer than this. */
    private static final int LONGEST = 8_000;

    private static final ReaderLimits LIMITS =
            new ReaderLimits(50_000, 10_000, 512, 1 << 20, 1_000_000, 10_000, 120, true);

    private LongFunctions() {}

    private static Map<String, Integer> methods(byte[] module) {
        Map<String, Integer> lengths = new TreeMap<>();
        ModuleCompiler.compile(ModuleReader.read(module, LIMITS), LIMITS, CodeForm.METERED)
                .classes()
                .forEach((name, bytes) -> {
                    for (MethodModel method : ClassFile.of().parse(bytes).methods()) {
                        method.findAttribute(Attributes.code())
                                .ifPresent(code -> lengths.put(
                                        name + "." + method.methodName().stringValue(), code.codeLength()));
                    }
                });
        return lengths;
    }

    /** Methods beyond the functions' own that it takes. */
    static long parts(byte[] module) {
        return methods(module).keySet().stream()
                .filter(name -> name.matches(".*\\.f\\d+p\\d+"))
                .count();
    }

    /** Checks that {@code f} is split, that every method is short enough, and that it does in each form what it does in the interpreter. */
    static void splits(String text, long... args) {
        splits(text.length() > 2_000 ? text.substring(0, 2_000) : text, Wat.bytes(text), args);
    }

    static void splits(String text, byte[] module, long... args) {
        Map<String, Integer> lengths = methods(module);
        assertTrue(lengths.keySet().stream().anyMatch(name -> name.matches(".*\\.f\\d+p\\d+")), "not split: " + text);
        lengths.forEach((name, length) -> assertTrue(length <= LONGEST, () -> name + " has " + length + ": " + text));
        OutOfFuelTest.sameInEachForm(text, module, args);
        if (!text.contains("v128")) {
            asInTheInterpreter(text, module, args);
        }
    }

    private static void asInTheInterpreter(String text, byte[] module, long... args) {
        Outcome ours = Wat.compile(module, Limits.forMemory(Wat.PLENTY))
                .instantiate(Wat.imports(), Budget.unlimitedCpu(Wat.PLENTY), CpuMeter.unlimited())
                .call("f", args);
        run.endive.runtime.Instance theirs =
                run.endive.runtime.Instance.builder(Parser.parse(module)).build();
        String wanted;
        try {
            wanted = Long.toString(theirs.export("f").apply(args)[0]);
        } catch (WasmEngineException | ArithmeticException | NullPointerException trap) {
            // the last is what becomes of a throw_ref without an exception there
            wanted = "trap";
        }
        assertEquals(
                wanted,
                switch (ours) {
                    case Outcome.Returned returned ->
                        Long.toString(returned.results().getFirst());
                    case Outcome.Trapped trapped when trapped.kind() != TrapKind.HOST_FAULT -> "trap";
                    default -> ours.toString();
                },
                text);
    }

    /** Exports {@code f (i32) → i32} with this body; function 1 throws its argument with tag 0; type 2 gives {@code i32} and {@code exnref}; global 0 is an exnref. */
    static byte[] module(byte[] body) {
        byte[] thrower = {0, 0x20, 0, 0x08, 0, 0x0B};
        ByteArrayOutputStream code = new ByteArrayOutputStream();
        code.write(2);
        writeLength(code, body.length);
        code.writeBytes(body);
        writeLength(code, thrower.length);
        code.writeBytes(thrower);
        ByteArrayOutputStream module = new ByteArrayOutputStream();
        module.writeBytes(new byte[] {0, 'a', 's', 'm', 1, 0, 0, 0});
        module.writeBytes(new byte[] {1, 15, 3, 0x60, 1, 0x7F, 1, 0x7F, 0x60, 1, 0x7F, 0, 0x60, 0, 2, 0x7F, 0x69});
        module.writeBytes(new byte[] {3, 3, 2, 0, 1, 13, 3, 1, 0, 1});
        module.writeBytes(new byte[] {6, 6, 1, 0x69, 1, (byte) 0xD0, 0x69, 0x0B, 7, 5, 1, 1, 'f', 0, 0, 10});
        writeLength(module, code.size());
        module.writeBytes(code.toByteArray());
        return module.toByteArray();
    }

    static void writeLength(ByteArrayOutputStream out, int length) {
        for (int rest = length; ; rest >>>= 7) {
            out.write(rest < 128 ? rest : (rest & 127) | 128);
            if (rest < 128) {
                return;
            }
        }
    }
}

package dev.bulkhead.agent.sandbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulkhead.agent.sandbox.AdmissionException.Reason;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Modules as large as the limits allow work; larger ones are told which limit they broke, and where. */
@Timeout(300)
final class LargestModulesTest {
    private static final int FUNCTIONS = 50_000;
    private static final int IMPORTS = 10_000;
    private static final int GLOBALS = 10_000;

    private static final int I32 = 0x7F;
    private static final int I64 = 0x7E;
    private static final int F32 = 0x7D;
    private static final int F64 = 0x7C;
    private static final int V128 = 0x7B;
    private static final int FUNCREF = 0x70;
    private static final int EXTERNREF = 0x6F;

    static Stream<CompilingEngine> forms() {
        return Stream.of(CompilingEngine.metered(), CompilingEngine.plain(), CompilingEngine.unmetered());
    }

    private static Instance instance(CompilingEngine engine, byte[] module) {
        return engine.compile(module, Limits.forMemory(Wat.PLENTY), LargestModulesTest::gate)
                .instantiate(imports(), Budget.unlimitedCpu(Wat.PLENTY), CpuMeter.unlimited());
    }

    private static ImportGate.Ruling gate(String module, String name) {
        return new ImportGate.Ruling.Known(Signature.parse("(i64)i64"));
    }

    private static HostImports imports() {
        HostImports.Builder builder = HostImports.builder();
        for (int i = 0; i < IMPORTS; i++) {
            int number = i;
            builder.function("m", "i" + i, Signature.parse("(i64)i64"), (memory, args) -> args[0] + number);
        }
        return builder.build();
    }

    private static void returns(Instance instance, List<Long> results, String function, long... args) {
        assertEquals(new Outcome.Returned(results), instance.call(function, args), function);
    }

    /** Globals of the types in turn, and for the first and the last of each type a pair of functions. */
    private static byte[] globals(int... types) {
        List<Integer> probed = Stream.iterate(0, i -> i + 1)
                .limit(types.length)
                .flatMap(i -> Stream.of(i, GLOBALS - types.length + i))
                .toList();
        return ModuleBytes.module(module -> {
            module.section(1, 2 * types.length, i -> type -> {
                type.raw(0x60);
                type.raw(i % 2 == 0 ? new int[] {0, 1, types[i / 2]} : new int[] {1, types[i / 2], 0});
            });
            module.section(
                    3,
                    2 * probed.size(),
                    i -> function -> function.number(probed.get(i / 2) % types.length * 2 + i % 2));
            module.section(6, GLOBALS, i -> global -> initialized(global, types[i % types.length], i));
            module.section(
                    7,
                    2 * probed.size(),
                    i -> export -> export.name((i % 2 == 0 ? "get" : "set") + probed.get(i / 2))
                            .raw(0)
                            .number(i));
            module.section(
                    10,
                    2 * probed.size(),
                    i -> code -> code.body(body -> {
                        if (i % 2 == 0) {
                            body.raw(0x23).number(probed.get(i / 2));
                        } else {
                            body.raw(0x20, 0, 0x24).number(probed.get(i / 2));
                        }
                    }));
        });
    }

    /** Initially its own number, in a vector in both halves; a reference is null. */
    private static void initialized(ModuleBytes global, int type, int number) {
        global.raw(type, 1);
        switch (type) {
            case I32 -> global.raw(0x41).signed(number);
            case I64 -> global.raw(0x42).signed(number);
            case F32 -> global.raw(0x43, number, number >> 8, 0, 0);
            case F64 -> global.raw(0x44, number, number >> 8, 0, 0, 0, 0, 0, 0);
            case V128 ->
                global.raw(0xFD, 12, number, number >> 8, 0, 0, 0, 0, 0, 0, number, number >> 8, 0, 0, 0, 0, 0, 0);
            default -> global.raw(0xD0, type);
        }
        global.raw(0x0B);
    }

    @ParameterizedTest
    @MethodSource("forms")
    void tenThousandGlobalsOfEveryTypeKeepTheirValues(CompilingEngine engine) {
        int[] types = {I32, I64, F32, F64, FUNCREF, EXTERNREF};
        Instance instance = instance(engine, globals(types));
        for (int i = 0; i < types.length; i++) {
            for (int global : new int[] {i, GLOBALS - types.length + i}) {
                returns(instance, List.of(types[global % types.length] >= F64 ? global : -1L), "get" + global);
                returns(instance, List.of(), "set" + global, 70_000 + global);
                returns(instance, List.of(70_000L + global), "get" + global);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("forms")
    void tenThousandVectorsKeepTheirValues(CompilingEngine engine) {
        VectorsAtHand.assume();
        Instance instance = instance(engine, globals(V128));
        for (int global : new int[] {0, GLOBALS - 1}) {
            returns(instance, List.of((long) global, (long) global), "get" + global);
            returns(instance, List.of(), "set" + global, global + 1, -1);
            returns(instance, List.of(global + 1L, -1L), "get" + global);
        }
    }

    /** All imports, and functions that each add their number to what an import gives; all exported, referenced and in a table. */
    private static byte[] functions() {
        int calls = FUNCTIONS - 1;
        return ModuleBytes.module(module -> {
            module.section(
                    1,
                    2,
                    i -> type -> type.raw(
                            i == 0 ? new int[] {0x60, 1, I64, 1, I64} : new int[] {0x60, 2, I64, I32, 1, I64}));
            module.section(
                    2,
                    IMPORTS,
                    i -> function -> function.name("m").name("i" + i).raw(0, 0));
            module.section(3, FUNCTIONS - IMPORTS, i -> function -> function.number(IMPORTS + i == calls ? 1 : 0));
            module.section(4, 1, i -> table -> table.raw(FUNCREF, 0).number(FUNCTIONS));
            module.section(6, GLOBALS, i -> global -> initialized(global, V128, i));
            module.section(
                    7, FUNCTIONS, i -> export -> export.name("f" + i).raw(0).number(i));
            module.section(9, 1, i -> segment -> {
                segment.raw(0, 0x41, 0, 0x0B).number(FUNCTIONS);
                for (int function = 0; function < FUNCTIONS; function++) {
                    segment.number(function);
                }
            });
            module.section(
                    10,
                    FUNCTIONS - IMPORTS,
                    i -> code -> code.body(body -> {
                        if (IMPORTS + i == calls) {
                            body.raw(0x20, 0, 0x20, 1, 0x11, 0, 0);
                        } else {
                            body.raw(0x20, 0, 0x10)
                                    .number(i % IMPORTS)
                                    .raw(0x42)
                                    .signed(IMPORTS + i)
                                    .raw(0x7C);
                        }
                    }));
        });
    }

    @ParameterizedTest
    @MethodSource("forms")
    void fiftyThousandFunctionsAreCalledByExportByImportAndByReference(CompilingEngine engine) {
        VectorsAtHand.assume();
        Instance instance = instance(engine, functions());
        for (int function : new int[] {0, 499, 500, IMPORTS - 1, IMPORTS, FUNCTIONS - 2}) {
            long result = function < IMPORTS ? 7 + function : 7 + (function - IMPORTS) % IMPORTS + function;
            returns(instance, List.of(result), "f" + function, 7);
            returns(instance, List.of(result), "f" + (FUNCTIONS - 1), 7, function);
        }
        assertTrue(instance.call("f" + (FUNCTIONS - 1), 7, FUNCTIONS - 1) instanceof Outcome.Trapped);
    }

    private static byte[] tailCalls(int functions, int params) {
        int last = functions - 1;
        return ModuleBytes.module(module -> {
            module.section(1, 1, i -> type -> {
                type.raw(0x60).number(params);
                Collections.nCopies(params, I64).forEach(type::raw);
                type.raw(1, I64);
            });
            module.section(3, functions, i -> function -> function.number(0));
            module.section(7, 1, i -> export -> export.name("f").raw(0, 0));
            module.section(
                    10,
                    functions,
                    i -> code -> code.body(body -> {
                        for (int k = 0; k < params; k++) {
                            body.raw(0x20).number(k);
                        }
                        if (i < last) {
                            body.raw(0x42).signed(i).raw(0x7C, 0x12).number(i + 1);
                        } else {
                            body.raw(0x0F);
                        }
                    }));
        });
    }

    @ParameterizedTest
    @MethodSource("forms")
    void elevenHundredFunctionsWithManyParametersTailCallEachOther(CompilingEngine engine) {
        Instance instance = instance(engine, tailCalls(1_100, 60));
        long[] args = new long[60];
        args[59] = 5;
        returns(instance, List.of(5 + 1_098L * 1_099 / 2), "f", args);
    }

    private static void refused(Reason reason, String says, byte[] module) {
        AdmissionException refusal =
                assertThrows(AdmissionException.class, () -> instance(CompilingEngine.metered(), module));
        assertEquals(reason, refusal.reason(), refusal.getMessage());
        assertEquals(says, refusal.getMessage());
    }

    @Test
    void oneImportTooManyIsRefused() {
        refused(
                Reason.OVER_LIMIT,
                "10001 imports, at most 10000 are accepted (at offset 0x14)",
                ModuleBytes.module(module -> {
                    module.section(1, 1, i -> type -> type.raw(0x60, 1, I64, 1, I64));
                    module.section(
                            2,
                            IMPORTS + 1,
                            i -> function -> function.name("m").name("i").raw(0, 0));
                }));
    }

    @Test
    void oneFunctionTooManyIsRefusedWithImportsCounted() {
        refused(
                Reason.OVER_LIMIT,
                "50001 functions, 2 of them imports, at most 50000 are accepted (at offset 0x23)",
                ModuleBytes.module(module -> {
                    module.section(1, 1, i -> type -> type.raw(0x60, 1, I64, 1, I64));
                    module.section(
                            2, 2, i -> function -> function.name("m").name("i").raw(0, 0));
                    module.section(3, FUNCTIONS - 1, i -> function -> function.number(0));
                }));
    }

    /** No host function takes a vector, but nothing in the format forbids an import that does. */
    @Test
    void whatCannotBeCompiledIsRefusedAsSuch() {
        VectorsAtHand.assume();
        byte[] module = ModuleBytes.module(sections -> {
            sections.section(1, 1, i -> type -> type.raw(0x60, 1, V128, 0));
            sections.section(2, 1, i -> function -> function.name("m").name("i").raw(0, 0));
        });
        ImportGate gate = (from, name) -> new ImportGate.Ruling.Known(Signature.parse("(v128)"));
        AdmissionException refusal = assertThrows(
                AdmissionException.class,
                () -> CompilingEngine.metered().compile(module, Limits.forMemory(Wat.PLENTY), gate));
        assertEquals(Reason.NOT_COMPILABLE, refusal.reason());
        assertEquals("import m.i, function 0: no host function takes v128", refusal.getMessage());
    }
}

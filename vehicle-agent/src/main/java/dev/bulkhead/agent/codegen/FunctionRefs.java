package dev.bulkhead.agent.codegen;

import dev.bulkhead.agent.wasm.FuncType;
import dev.bulkhead.agent.wasm.WasmModule;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Numbers the functions that references are taken of, so that those of one type stand in a row: the range check of a {@code tableswitch}
 * is then the type check of {@code call_indirect}. −1 is the null reference.
 */
public final class FunctionRefs {
    private final int[] numbers;
    private final Map<FuncType, Row> rows = new LinkedHashMap<>();

    /** Functions of one type: reference numbers {@code first}, {@code first + 1}, … */
    record Row(int first, List<Integer> functions) {}

    private FunctionRefs(int functions) {
        this.numbers = new int[functions];
    }

    public static FunctionRefs of(WasmModule module) {
        Map<FuncType, List<Integer>> byType = new LinkedHashMap<>();
        for (int function = 0; function < module.functionCount(); function++) {
            if (module.declaredReferences()[function]) {
                byType.computeIfAbsent(module.functionType(function), type -> new ArrayList<>())
                        .add(function);
            }
        }
        FunctionRefs refs = new FunctionRefs(module.functionCount());
        int next = 0;
        for (Map.Entry<FuncType, List<Integer>> entry : byType.entrySet()) {
            refs.rows.put(entry.getKey(), new Row(next, List.copyOf(entry.getValue())));
            for (int function : entry.getValue()) {
                refs.numbers[function] = next++;
            }
        }
        return refs;
    }

    /** The reference number of a function that references are taken of. */
    public int number(int function) {
        return numbers[function];
    }

    Row row(FuncType type) {
        return rows.getOrDefault(type, new Row(0, List.of()));
    }
}

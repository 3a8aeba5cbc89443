package dev.bulkhead.agent.sandbox;

import dev.bulkhead.agent.codegen.FunctionRefs;
import dev.bulkhead.agent.wasm.ConstantExpression;
import dev.bulkhead.agent.wasm.ConstantExpression.Step;
import dev.bulkhead.agent.wasm.ValType;
import dev.bulkhead.agent.wasm.WasmModule;
import dev.bulkhead.agent.wasm.WasmModule.Mode;
import java.util.Arrays;
import java.util.List;

/** The specification's instantiation: globals, tables, then segments in order. Traps of segments belong to the first call. */
final class Instantiation {
    private final WasmModule module;
    private final FunctionRefs refs;
    private final long[] globals;
    /** Upper halves of globals that are vectors. */
    private final long[] high;

    Instantiation(WasmModule module, FunctionRefs refs) {
        this.module = module;
        this.refs = refs;
        this.globals = new long[module.globals().size()];
        this.high = new long[globals.length];
        for (int i = 0; i < globals.length; i++) {
            globals[i] = evaluate(module.globals().get(i).init());
            high[i] = upperHalf(module.globals().get(i).init());
        }
    }

    /** @throws AdmissionException when the budget is smaller than what the instance starts with */
    GuestParts parts(Budget budget) {
        AdmissionChecks.memory(module, budget.memoryBytes());
        List<WasmModule.Table> declared = module.tables();
        int[][] tables = new int[declared.size()][];
        long[] maximum = new long[tables.length];
        for (int i = 0; i < tables.length; i++) {
            WasmModule.Table table = declared.get(i);
            tables[i] = new int[(int) table.minimum()];
            Arrays.fill(tables[i], (int) evaluate(table.init()));
            maximum[i] = Math.min(table.maximum(), 10_000_000);
        }
        long pages = module.memory().map(WasmModule.Memory::minimum).orElse(0L);
        return new GuestParts(
                tables,
                maximum,
                elements(),
                module.data().stream().map(WasmModule.DataSegment::bytes).toArray(byte[][]::new),
                pages,
                module.memory().map(WasmModule.Memory::maximum).orElse(0L),
                budget.memoryBytes());
    }

    /** Only passive segments stay: an active one is copied to its table and gone before anything of the guest runs. */
    private int[][] elements() {
        return module.elements().stream()
                .map(segment -> segment.mode() == Mode.PASSIVE ? references(segment) : GuestState.DROPPED)
                .toArray(int[][]::new);
    }

    private int[] references(WasmModule.ElementSegment segment) {
        int[] references = new int[segment.items().length];
        for (int i = 0; i < references.length; i++) {
            int item = segment.items()[i];
            if (item == WasmModule.ElementSegment.NULL) {
                references[i] = -1;
            } else if (item < 0) {
                references[i] = (int) globals[WasmModule.ElementSegment.global(item)];
            } else {
                references[i] = refs.number(item);
            }
        }
        return references;
    }

    /** Writes globals and active segments into the new instance. */
    void fill(GuestState state) {
        for (int i = 0; i < globals.length; i++) {
            if (module.globals().get(i).type() != ValType.EXNREF) {
                if (module.globals().get(i).type() == ValType.V128) {
                    state.high[0] = high[i];
                }
                state.initialize(i, globals[i]);
            }
        }
        for (int i = 0; i < module.elements().size(); i++) {
            WasmModule.ElementSegment segment = module.elements().get(i);
            if (segment.mode() == Mode.ACTIVE) {
                state.initializeTable((int) evaluate(segment.offset()), references(segment), segment.table());
            }
        }
        for (int i = 0; i < module.data().size(); i++) {
            WasmModule.DataSegment segment = module.data().get(i);
            if (segment.mode() == Mode.ACTIVE) {
                GuestState.memoryInit((int) evaluate(segment.offset()), 0, segment.bytes().length, state, i);
                GuestState.dataDrop(state, i);
            }
        }
    }

    /** A vector is a constant or another global; there is no arithmetic on them. */
    private long upperHalf(ConstantExpression expression) {
        return switch (expression.steps().getLast()) {
            case Step.Vector vector -> vector.high();
            case Step.GlobalGet get -> high[get.global()];
            case Step.Constant other -> 0;
            case Step.FunctionReference other -> 0;
            case Step.Null other -> 0;
            case Step.Arithmetic other -> 0;
        };
    }

    private long evaluate(ConstantExpression expression) {
        long[] stack = new long[expression.steps().size()];
        int size = 0;
        for (Step step : expression.steps()) {
            switch (step) {
                case Step.Constant constant -> stack[size++] = constant.bits();
                case Step.Vector vector -> stack[size++] = vector.low();
                case Step.GlobalGet get -> stack[size++] = globals[get.global()];
                case Step.FunctionReference reference -> stack[size++] = refs.number(reference.function());
                case Step.Null none -> stack[size++] = -1;
                case Step.Arithmetic arithmetic -> {
                    long right = stack[--size];
                    long left = stack[--size];
                    long result = switch (arithmetic.operator()) {
                        case '+' -> left + right;
                        case '-' -> left - right;
                        default -> left * right;
                    };
                    stack[size++] = arithmetic.type() == ValType.I32 ? (int) result : result;
                }
            }
        }
        return stack[0];
    }
}

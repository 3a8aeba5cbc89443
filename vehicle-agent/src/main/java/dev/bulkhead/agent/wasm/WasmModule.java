package dev.bulkhead.agent.wasm;

import dev.bulkhead.contract.notation.Quote;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A parsed module. Function, table, memory, global and tag indices count imports first. Function bodies stay in {@link #bytes} and are
 * decoded one at a time by {@link FunctionDecoder}.
 */
@SuppressWarnings("ArrayRecordComponent") // shared, never written after parsing
public record WasmModule(
        byte[] bytes,
        List<FuncType> types,
        List<ImportedFunction> importedFunctions,
        List<Integer> functionTypes,
        List<Table> tables,
        Optional<Memory> memory,
        List<Global> globals,
        List<Integer> tagTypes,
        List<Export> exports,
        int startFunction,
        List<ElementSegment> elements,
        List<DataSegment> data,
        List<Body> bodies,
        boolean[] declaredReferences,
        boolean dataCounted,
        Map<Integer, String> names) {

    /** No start function. */
    public static final int NO_START = -1;

    /** A function import; its index is its place in the list. */
    public record ImportedFunction(String module, String name, int type, int offset) {}

    /** {@code minimum} and {@code maximum} in elements; {@code init} for the initial value. */
    public record Table(ValType type, long minimum, long maximum, ConstantExpression init, int offset) {}

    /** Pages of 64 KiB. {@code imported} as {@code env.memory}. */
    public record Memory(long minimum, long maximum, boolean imported, int offset) {}

    public record Global(ValType type, boolean mutable, ConstantExpression init) {}

    /** What an export names. */
    public enum ExternalKind {
        FUNCTION,
        TABLE,
        MEMORY,
        GLOBAL,
        TAG
    }

    public record Export(String name, ExternalKind kind, int index) {}

    /** How a segment is used. */
    public enum Mode {
        ACTIVE,
        PASSIVE,
        DECLARATIVE
    }

    /**
     * References to put into a table.
     *
     * @param offset meaningful when active
     * @param items each the index of a function, {@link #NULL}, or less for what a {@linkplain #global global} has
     * @param at where the segment stands in the module
     */
    public record ElementSegment(Mode mode, ValType type, int table, ConstantExpression offset, int[] items, int at) {
        public static final int NULL = -1;

        static int ofGlobal(int index) {
            return NULL - 1 - index;
        }

        /** Index of the global that an item below {@link #NULL} stands for. */
        public static int global(int item) {
            return NULL - 1 - item;
        }
    }

    public record DataSegment(Mode mode, ConstantExpression offset, byte[] bytes) {}

    /** Where a function's body lies in the module: locals declarations and code. */
    public record Body(int start, int end) {}

    public int functionCount() {
        return functionTypes.size();
    }

    public FuncType functionType(int function) {
        return types.get(functionTypes.get(function));
    }

    public boolean isImported(int function) {
        return function < importedFunctions.size();
    }

    /** The function's name for messages, quoted: from the name section, an export, or its index. */
    public String nameOf(int function) {
        String name = names.get(function);
        if (name != null) {
            return Quote.of(name);
        }
        return exports.stream()
                .filter(export -> export.kind() == ExternalKind.FUNCTION && export.index() == function)
                .map(export -> Quote.of(export.name()))
                .findFirst()
                .orElse("function " + function);
    }
}

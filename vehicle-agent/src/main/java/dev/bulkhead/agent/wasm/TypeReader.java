package dev.bulkhead.agent.wasm;

import static dev.bulkhead.agent.wasm.WasmFormatException.invalid;
import static dev.bulkhead.agent.wasm.WasmFormatException.malformed;
import static dev.bulkhead.agent.wasm.WasmFormatException.overLimit;
import static dev.bulkhead.agent.wasm.WasmFormatException.unsupported;

import java.util.ArrayList;
import java.util.List;

/** Reads the types of functions, blocks and tags, and indices of them. */
final class TypeReader {
    private static final int MOST_TYPES = 20_000;

    /** Parameters and results of all types together. */
    private static final int MOST_VALUES = 500_000;

    final List<FuncType> types = new ArrayList<>();
    private final ReaderLimits limits;
    private int values;

    TypeReader(ReaderLimits limits) {
        this.limits = limits;
    }

    void readTypes(ByteCursor in) {
        int count = in.count("types", MOST_TYPES);
        for (int i = 0; i < count; i++) {
            int at = in.position();
            int form = in.u8();
            if (form != 0x60) {
                if (form >= 0x4E && form <= 0x5F) {
                    throw unsupported(at, "garbage-collected types are not accepted in a shared process");
                }
                throw malformed(at, "malformed type form 0x" + Integer.toHexString(form));
            }
            types.add(new FuncType(valTypes(in, "parameters"), valTypes(in, "results")));
        }
    }

    private List<ValType> valTypes(ByteCursor in, String what) {
        int at = in.position();
        int count = in.count(what, limits.params());
        values += count;
        if (values > MOST_VALUES) {
            throw overLimit(
                    at,
                    values + " parameters and results of all types together, at most " + MOST_VALUES + " are accepted");
        }
        List<ValType> list = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            list.add(ValType.read(in, limits));
        }
        slots(in.position(), list, what);
        return list;
    }

    /** A vector passes as two values. */
    private void slots(int at, List<ValType> list, String what) {
        long slots =
                list.size() + list.stream().filter(type -> type == ValType.V128).count();
        if (slots > limits.params()) {
            throw overLimit(
                    at, slots + " " + what + " (a v128 counts twice), at most " + limits.params() + " are accepted");
        }
    }

    FuncType type(int index) {
        return types.get(index);
    }

    int index(ByteCursor in) {
        int at = in.position();
        int index = in.u32();
        if (Integer.compareUnsigned(index, types.size()) >= 0) {
            throw invalid(at, "unknown type " + Integer.toUnsignedString(index));
        }
        return index;
    }
}

package dev.bulkhead.agent.wasm;

import static dev.bulkhead.agent.wasm.WasmFormatException.invalid;
import static dev.bulkhead.agent.wasm.WasmFormatException.malformed;
import static dev.bulkhead.agent.wasm.WasmFormatException.unsupported;

/** Decodes what works on memory and tables, and with it all that follows the prefix {@code 0xFC}. */
final class StorageDecoder {
    private final ValidationState state;
    private final WasmModule module;
    private final ByteCursor in;

    StorageDecoder(ValidationState state) {
        this.state = state;
        this.module = state.module;
        this.in = state.in;
    }

    /** Decodes a load or a store. */
    void access(int op) {
        int align = in.u32();
        long offset = Integer.toUnsignedLong(in.u32());
        if (align >= 64 && align < 128) {
            throw unsupported(state.at(), "multiple memories are not accepted");
        }
        needMemory();
        if (align < 0 || align > NumericOps.accessWidth(op)) {
            throw align >= 32 || align < 0
                    ? malformed(state.at(), "malformed memop flags " + Integer.toUnsignedString(align))
                    : invalid(
                            state.at(),
                            "alignment must not be larger than natural: 2^" + align + " is above 2^"
                                    + NumericOps.accessWidth(op));
        }
        ValType type = NumericOps.accessType(op);
        if (op >= Op.FIRST_STORE) {
            state.pop(type);
            state.pop(ValType.I32);
        } else {
            state.pop(ValType.I32);
            state.push(type);
        }
        state.emit(op, 0, 0, offset);
    }

    /** Decodes an instruction of one byte on a table, or on the memory's size. */
    void plain(int op) {
        switch (op) {
            case Op.TABLE_GET -> {
                int table = table();
                state.pop(ValType.I32);
                state.push(tableType(table));
                state.emit(op, table, 0, 0);
            }
            case Op.TABLE_SET -> {
                int table = table();
                state.pop(tableType(table));
                state.pop(ValType.I32);
                state.emit(op, table, 0, 0);
            }
            case Op.MEMORY_SIZE -> {
                memoryIndex();
                state.push(ValType.I32);
                state.emit(op, 0, 0, 0);
            }
            case Op.MEMORY_GROW -> {
                memoryIndex();
                state.pop(ValType.I32);
                state.push(ValType.I32);
                state.emit(op, 0, 0, 0);
            }
            default -> throw new IllegalArgumentException("opcode " + op);
        }
    }

    /** Decodes what follows the prefix {@code 0xFC}; {@code sub} is the number after it. */
    void prefixed(int sub) {
        if (sub < 0 || sub > 17) {
            throw malformed(state.at(), "illegal opcode fc " + Integer.toHexString(sub));
        }
        int op = Op.FC | sub;
        int a = 0;
        int b = 0;
        if (op <= Op.LAST_SATURATING) {
            state.pop(NumericOps.operand(op));
            state.push(NumericOps.result(op));
            state.emit(op, 0, 0, 0);
            return;
        }
        switch (op) {
            case Op.MEMORY_INIT -> {
                a = dataIndex();
                memoryIndex();
                popThree(ValType.I32);
            }
            case Op.DATA_DROP -> a = dataIndex();
            case Op.MEMORY_COPY -> {
                memoryIndex();
                memoryIndex();
                popThree(ValType.I32);
            }
            case Op.MEMORY_FILL -> {
                memoryIndex();
                popThree(ValType.I32);
            }
            case Op.TABLE_INIT -> {
                a = state.index(module.elements().size(), "elem segment");
                b = table();
                if (module.elements().get(a).type() != tableType(b)) {
                    throw invalid(state.at(), "type mismatch: segment and table");
                }
                popThree(ValType.I32);
            }
            case Op.ELEM_DROP -> a = state.index(module.elements().size(), "elem segment");
            case Op.TABLE_COPY -> {
                a = table();
                b = table();
                if (tableType(a) != tableType(b)) {
                    throw invalid(state.at(), "type mismatch: tables of different types");
                }
                popThree(ValType.I32);
            }
            case Op.TABLE_GROW -> {
                a = table();
                state.pop(ValType.I32);
                state.pop(tableType(a));
                state.push(ValType.I32);
            }
            case Op.TABLE_SIZE -> {
                a = table();
                state.push(ValType.I32);
            }
            default -> {
                a = table();
                state.pop(ValType.I32);
                state.pop(tableType(a));
                state.pop(ValType.I32);
            }
        }
        state.emit(op, a, b, 0);
    }

    private int dataIndex() {
        int index = in.u32();
        if (!module.dataCounted()) {
            throw malformed(state.at(), "data count section required");
        }
        if (Integer.compareUnsigned(index, module.data().size()) >= 0) {
            throw invalid(state.at(), "unknown data segment " + Integer.toUnsignedString(index));
        }
        return index;
    }

    private void popThree(ValType type) {
        state.pop(type);
        state.pop(type);
        state.pop(type);
    }

    private int table() {
        return state.index(module.tables().size(), "table");
    }

    private ValType tableType(int table) {
        return module.tables().get(table).type();
    }

    private void memoryIndex() {
        int memory = in.u8();
        if (memory != 0) {
            throw malformed(state.at(), "zero byte expected: one memory only");
        }
        needMemory();
    }

    private void needMemory() {
        if (module.memory().isEmpty()) {
            throw invalid(state.at(), "unknown memory 0");
        }
    }
}

package dev.bulkhead.agent.wasm;

import static dev.bulkhead.agent.wasm.WasmFormatException.invalid;
import static dev.bulkhead.agent.wasm.WasmFormatException.malformed;
import static dev.bulkhead.agent.wasm.WasmFormatException.unsupported;

import java.util.List;

/** Decodes what goes elsewhere: branches, calls, returns, throws; hands the blocks themselves to {@link BlockDecoder}. */
@SuppressWarnings("EnumOrdinal") // the operand stack holds types as small numbers
final class ControlDecoder {
    private static final int MAX_BR_TABLE = 65_520;

    private final ValidationState state;
    private final WasmModule module;
    private final ByteCursor in;
    private final Code code;
    private final BlockDecoder blocks;
    private int lastTable;

    ControlDecoder(ValidationState state) {
        this.state = state;
        this.module = state.module;
        this.in = state.in;
        this.code = state.code;
        this.blocks = new BlockDecoder(state);
    }

    void decode(int op) {
        switch (op) {
            case Op.UNREACHABLE, Op.NOP -> state.emit(op, 0, 0, 0);
            case Op.BLOCK, Op.LOOP, Op.IF -> blocks.open(op);
            case Op.TRY_TABLE -> blocks.tryTable();
            case Op.ELSE -> blocks.otherwise();
            case Op.END -> blocks.end();
            case Op.THROW -> {
                int tag = state.index(module.tagTypes().size(), "tag");
                state.popAll(module.types().get(module.tagTypes().get(tag)).params());
                state.emit(op, tag, 0, 0);
            }
            case Op.THROW_REF -> {
                state.pop(ValType.EXNREF);
                state.emit(op, 0, 0, 0);
            }
            case Op.BR -> {
                int label = state.label();
                state.popAll(state.frame(label).labelTypes());
                state.emit(op, label, 0, 0);
            }
            case Op.BR_IF -> {
                int label = state.label();
                state.pop(ValType.I32);
                state.popAll(state.frame(label).labelTypes());
                state.pushAll(state.frame(label).labelTypes());
                state.emit(op, label, 0, 0);
            }
            case Op.BR_TABLE -> brTable();
            case Op.RETURN -> {
                state.popAll(code.type().results());
                state.emit(op, 0, 0, 0);
            }
            case Op.CALL -> {
                int callee = state.index(module.functionCount(), "function");
                call(module.functionType(callee));
                state.emit(op, callee, 0, 0);
            }
            case Op.CALL_INDIRECT -> {
                int type = indirect();
                call(module.types().get(type));
                state.emit(op, type, lastTable, 0);
            }
            case Op.RETURN_CALL -> {
                int callee = state.index(module.functionCount(), "function");
                tailCall(module.functionType(callee));
                state.emit(op, callee, 0, 0);
            }
            case Op.RETURN_CALL_INDIRECT -> {
                int type = indirect();
                tailCall(module.types().get(type));
                state.emit(op, type, lastTable, 0);
            }
            case 0x06, 0x07, 0x09, 0x18, 0x19 ->
                throw unsupported(
                        state.at(), "legacy exception instructions are not accepted: compile with exnref (try_table)");
            case 0x14, 0x15 -> throw unsupported(state.at(), "typed function references are not accepted");
            default -> throw malformed(state.at(), "illegal opcode " + Integer.toHexString(op));
        }
        if (Op.endsFlow(op)) {
            state.unreachable();
        }
    }

    private void brTable() {
        int count = in.count("br_table labels", MAX_BR_TABLE);
        state.pop(ValType.I32);
        int start = -1;
        int arity = -1;
        for (int i = 0; i <= count; i++) {
            int label = state.label();
            List<ValType> types = state.frame(label).labelTypes();
            if (arity >= 0 && types.size() != arity) {
                throw invalid(
                        state.at(),
                        "type mismatch: br_table labels of different arity: " + arity + " and " + types.size());
            }
            arity = types.size();
            checkTop(types);
            int place = code.addPool(label);
            start = i == 0 ? place : start;
        }
        state.emit(Op.BR_TABLE, start, count + 1, 0);
    }

    private void checkTop(List<ValType> types) {
        state.moves(types.size());
        int[] popped = new int[types.size()];
        for (int i = types.size() - 1; i >= 0; i--) {
            popped[i] = state.pop(types.get(i).ordinal());
        }
        for (int type : popped) {
            state.push(type);
        }
    }

    private int indirect() {
        int type = state.index(module.types().size(), "type");
        lastTable = state.index(module.tables().size(), "table");
        if (module.tables().get(lastTable).type() != ValType.FUNCREF) {
            throw invalid(state.at(), "type mismatch: call_indirect needs a table of funcref");
        }
        state.pop(ValType.I32);
        return type;
    }

    private void call(FuncType type) {
        state.popAll(type.params());
        state.pushAll(type.results());
    }

    private void tailCall(FuncType type) {
        if (!type.results().equals(code.type().results())) {
            throw invalid(state.at(), "type mismatch: tail call with other results than the caller's");
        }
        state.popAll(type.params());
    }
}

package dev.bulkhead.agent.wasm;

import static dev.bulkhead.agent.wasm.WasmFormatException.invalid;
import static dev.bulkhead.agent.wasm.WasmFormatException.malformed;
import static dev.bulkhead.agent.wasm.WasmFormatException.unsupported;

/** Decodes what moves single values: numeric instructions, constants, locals, globals, references. */
@SuppressWarnings("EnumOrdinal") // the operand stack holds types as small numbers
final class ValueDecoder {
    private final ValidationState state;
    private final WasmModule module;
    private final ByteCursor in;
    private final Code code;

    ValueDecoder(ValidationState state) {
        this.state = state;
        this.module = state.module;
        this.in = state.in;
        this.code = state.code;
    }

    void numeric(int op) {
        int operand = NumericOps.operand(op).ordinal();
        state.pop(operand);
        if (NumericOps.binary(op)) {
            state.pop(operand);
        }
        state.push(NumericOps.result(op));
        state.emit(op, 0, 0, 0);
    }

    /** Decodes every instruction of one byte that is neither numeric nor control, nor on memory or tables. */
    void plain(int op) {
        switch (op) {
            case Op.DROP -> {
                int type = state.popAny();
                state.emit(op, type, 0, 0);
            }
            case Op.SELECT -> select();
            case Op.SELECT_T -> typedSelect();
            case Op.LOCAL_GET, Op.LOCAL_SET, Op.LOCAL_TEE -> local(op);
            case Op.GLOBAL_GET -> {
                int global = state.index(module.globals().size(), "global");
                state.push(module.globals().get(global).type());
                state.emit(op, global, 0, 0);
            }
            case Op.GLOBAL_SET -> {
                int global = state.index(module.globals().size(), "global");
                if (!module.globals().get(global).mutable()) {
                    throw invalid(state.at(), "global is immutable");
                }
                state.pop(module.globals().get(global).type());
                state.emit(op, global, 0, 0);
            }
            case Op.I32_CONST -> constant(op, ValType.I32, in.s32());
            case Op.I64_CONST -> constant(op, ValType.I64, in.s64());
            case Op.F32_CONST -> constant(op, ValType.F32, in.f32Bits());
            case Op.F64_CONST -> constant(op, ValType.F64, in.f64Bits());
            case Op.REF_NULL -> {
                ValType type = ValType.reference(in.u8(), state.at());
                state.push(type);
                state.emit(op, type.ordinal(), 0, 0);
            }
            case Op.REF_IS_NULL -> {
                int type = state.popAny();
                if (type != OperandStack.UNKNOWN && !ValType.values()[type].isReference()) {
                    throw invalid(state.at(), "type mismatch: ref.is_null needs a reference");
                }
                state.push(ValType.I32);
                state.emit(op, 0, 0, 0);
            }
            case Op.REF_FUNC -> {
                int function = state.index(module.functionCount(), "function");
                if (!module.declaredReferences()[function]) {
                    throw invalid(state.at(), "undeclared function reference " + function);
                }
                state.push(ValType.FUNCREF);
                state.emit(op, function, 0, 0);
            }
            case 0xFE -> throw unsupported(state.at(), "threads and atomics are not accepted");
            case 0xFB, 0xD3, 0xD4, 0xD5, 0xD6 ->
                throw unsupported(
                        state.at(), "garbage collection and typed references are not accepted in a shared process");
            default -> throw malformed(state.at(), "illegal opcode " + Integer.toHexString(op));
        }
    }

    private void constant(int op, ValType type, long bits) {
        state.push(type);
        state.emit(op, 0, 0, bits);
    }

    private void local(int op) {
        int local = state.index(code.localCount(), "local");
        ValType type = code.local(local);
        if (op != Op.LOCAL_GET) {
            state.pop(type);
        }
        if (op != Op.LOCAL_SET) {
            state.push(type);
        }
        state.emit(op, local, 0, 0);
    }

    private void select() {
        state.pop(ValType.I32);
        int second = state.popAny();
        int first = state.popAny();
        int type = first == OperandStack.UNKNOWN ? second : first;
        boolean known = type != OperandStack.UNKNOWN;
        if ((second != OperandStack.UNKNOWN && second != type) || (known && ValType.values()[type].isReference())) {
            throw invalid(state.at(), "type mismatch in select");
        }
        state.push(type);
        state.emit(Op.SELECT, 0, 0, 0);
    }

    private void typedSelect() {
        int count = in.count("select types", 100);
        if (count != 1) {
            throw invalid(state.at(), "invalid result arity " + count + " of select");
        }
        ValType type = ValType.read(in, state.limits);
        state.pop(ValType.I32);
        state.pop(type);
        state.pop(type);
        state.push(type);
        state.emit(Op.SELECT, 0, 0, 0);
    }
}

package dev.bulkhead.agent.wasm;

import static dev.bulkhead.agent.wasm.WasmFormatException.invalid;
import static dev.bulkhead.agent.wasm.WasmFormatException.malformed;
import static dev.bulkhead.agent.wasm.WasmFormatException.overLimit;
import static dev.bulkhead.agent.wasm.WasmFormatException.unsupported;

import java.util.ArrayList;
import java.util.List;

/** Decodes and validates one function body in one pass (specification, appendix "Validation Algorithm"). One use. */
@SuppressWarnings("EnumOrdinal") // the operand stack holds types as small numbers
public final class FunctionDecoder {
    private static final int MAX_BR_TABLE = 65_520;

    private final WasmModule module;
    private final ReaderLimits limits;
    private final ByteCursor in;
    private final Code code;
    private final OperandStack operands = new OperandStack();
    private final List<ControlFrame> frames = new ArrayList<>();
    private int at;

    private FunctionDecoder(WasmModule module, int function, ReaderLimits limits) {
        this.module = module;
        this.limits = limits;
        WasmModule.Body body =
                module.bodies().get(function - module.importedFunctions().size());
        this.in = new ByteCursor(module.bytes(), body.start(), body.end());
        FuncType type = module.functionType(function);
        this.code = new Code(function, type, locals(type));
    }

    /**
     * Decodes the body of a function.
     *
     * @param function index, not an import
     * @throws WasmFormatException if it is malformed, does not validate, or is beyond a limit
     */
    public static Code decode(WasmModule module, int function, ReaderLimits limits) {
        try {
            return new FunctionDecoder(module, function, limits).body();
        } catch (WasmFormatException refused) {
            throw refused.in(module.nameOf(function));
        }
    }

    private ValType[] locals(FuncType type) {
        List<ValType> locals = new ArrayList<>(type.params());
        int groups = in.count("local groups", limits.locals());
        for (int group = 0; group < groups; group++) {
            int start = in.position();
            int count = in.u32();
            long total = locals.size() + Integer.toUnsignedLong(count);
            if (total > limits.locals()) {
                throw overLimit(start, total + " locals, at most " + limits.locals() + " are accepted");
            }
            int typeAt = in.position();
            ValType local = ValType.of(in.u8(), typeAt);
            for (int i = 0; i < count; i++) {
                locals.add(local);
            }
        }
        return locals.toArray(new ValType[0]);
    }

    private Code body() {
        frames.add(
                new ControlFrame(Op.BLOCK, new FuncType(List.of(), code.type().results()), 0, false, -1));
        while (!frames.isEmpty()) {
            at = in.position();
            instruction(in.u8());
        }
        if (!in.atEnd()) {
            throw malformed(in.position(), "operators remaining after end of function");
        }
        code.maxOperands(operands.deepest());
        return code;
    }

    private void instruction(int op) {
        if (op >= Op.FIRST_NUMERIC && op <= Op.LAST_NUMERIC) {
            numeric(op);
        } else if (op >= Op.FIRST_LOAD && op <= Op.LAST_STORE) {
            access(op);
        } else if (op < Op.DROP || op == Op.TRY_TABLE) {
            control(op);
        } else {
            plain(op);
        }
    }

    private void numeric(int op) {
        int operand = NumericOps.operand(op).ordinal();
        pop(operand);
        if (NumericOps.binary(op)) {
            pop(operand);
        }
        push(NumericOps.result(op));
        emit(op, 0, 0, 0);
    }

    private void access(int op) {
        int align = in.u32();
        long offset = Integer.toUnsignedLong(in.u32());
        if (align >= 64 && align < 128) {
            throw unsupported(at, "multiple memories are not accepted");
        }
        needMemory();
        if (align < 0 || align > NumericOps.accessWidth(op)) {
            throw align >= 32 || align < 0
                    ? malformed(at, "malformed memop flags")
                    : invalid(at, "alignment must not be larger than natural");
        }
        ValType type = NumericOps.accessType(op);
        if (op >= Op.FIRST_STORE) {
            pop(type);
            pop(ValType.I32);
        } else {
            pop(ValType.I32);
            push(type);
        }
        emit(op, 0, 0, offset);
    }

    private void control(int op) {
        switch (op) {
            case Op.UNREACHABLE, Op.NOP -> emit(op, 0, 0, 0);
            case Op.BLOCK, Op.LOOP, Op.IF -> open(op);
            case Op.TRY_TABLE -> tryTable();
            case Op.ELSE -> otherwise();
            case Op.END -> end();
            case Op.THROW -> {
                int tag = index(module.tagTypes().size(), "tag");
                popAll(module.types().get(module.tagTypes().get(tag)).params());
                emit(op, tag, 0, 0);
            }
            case Op.THROW_REF -> {
                pop(ValType.EXNREF);
                emit(op, 0, 0, 0);
            }
            case Op.BR -> {
                int label = label();
                popAll(frame(label).labelTypes());
                emit(op, label, 0, 0);
            }
            case Op.BR_IF -> {
                int label = label();
                pop(ValType.I32);
                popAll(frame(label).labelTypes());
                pushAll(frame(label).labelTypes());
                emit(op, label, 0, 0);
            }
            case Op.BR_TABLE -> brTable();
            case Op.RETURN -> {
                popAll(code.type().results());
                emit(op, 0, 0, 0);
            }
            case Op.CALL -> {
                int callee = index(module.functionCount(), "function");
                call(module.functionType(callee));
                emit(op, callee, 0, 0);
            }
            case Op.CALL_INDIRECT -> {
                int type = indirect();
                call(module.types().get(type));
                emit(op, type, lastTable, 0);
            }
            case Op.RETURN_CALL -> {
                int callee = index(module.functionCount(), "function");
                tailCall(module.functionType(callee));
                emit(op, callee, 0, 0);
            }
            case Op.RETURN_CALL_INDIRECT -> {
                int type = indirect();
                tailCall(module.types().get(type));
                emit(op, type, lastTable, 0);
            }
            case 0x06, 0x07, 0x09, 0x18, 0x19 ->
                throw unsupported(
                        at, "legacy exception instructions are not accepted: compile with exnref (try_table)");
            case 0x14, 0x15 -> throw unsupported(at, "typed function references are not accepted");
            default -> throw malformed(at, "illegal opcode " + Integer.toHexString(op));
        }
        if (Op.endsFlow(op)) {
            unreachable();
        }
    }

    private int lastTable;

    private int indirect() {
        int type = index(module.types().size(), "type");
        lastTable = index(module.tables().size(), "table");
        if (module.tables().get(lastTable).type() != ValType.FUNCREF) {
            throw invalid(at, "type mismatch: call_indirect needs a table of funcref");
        }
        pop(ValType.I32);
        return type;
    }

    private void call(FuncType type) {
        popAll(type.params());
        pushAll(type.results());
    }

    private void tailCall(FuncType type) {
        if (!type.results().equals(code.type().results())) {
            throw invalid(at, "type mismatch: tail call with other results than the caller's");
        }
        popAll(type.params());
    }

    private void plain(int op) {
        switch (op) {
            case Op.DROP -> {
                int type = popAny();
                emit(op, type, 0, 0);
            }
            case Op.SELECT -> select();
            case Op.SELECT_T -> typedSelect();
            case Op.LOCAL_GET, Op.LOCAL_SET, Op.LOCAL_TEE -> local(op);
            case Op.GLOBAL_GET -> {
                int global = index(module.globals().size(), "global");
                push(module.globals().get(global).type());
                emit(op, global, 0, 0);
            }
            case Op.GLOBAL_SET -> {
                int global = index(module.globals().size(), "global");
                if (!module.globals().get(global).mutable()) {
                    throw invalid(at, "global is immutable");
                }
                pop(module.globals().get(global).type());
                emit(op, global, 0, 0);
            }
            case Op.TABLE_GET -> {
                int table = table();
                pop(ValType.I32);
                push(tableType(table));
                emit(op, table, 0, 0);
            }
            case Op.TABLE_SET -> {
                int table = table();
                pop(tableType(table));
                pop(ValType.I32);
                emit(op, table, 0, 0);
            }
            case Op.MEMORY_SIZE -> {
                memoryIndex();
                push(ValType.I32);
                emit(op, 0, 0, 0);
            }
            case Op.MEMORY_GROW -> {
                memoryIndex();
                pop(ValType.I32);
                push(ValType.I32);
                emit(op, 0, 0, 0);
            }
            case Op.I32_CONST -> constant(op, ValType.I32, in.s32());
            case Op.I64_CONST -> constant(op, ValType.I64, in.s64());
            case Op.F32_CONST -> constant(op, ValType.F32, in.f32Bits());
            case Op.F64_CONST -> constant(op, ValType.F64, in.f64Bits());
            case Op.REF_NULL -> {
                ValType type = ValType.reference(in.u8(), at);
                push(type);
                emit(op, type.ordinal(), 0, 0);
            }
            case Op.REF_IS_NULL -> {
                int type = popAny();
                if (type != OperandStack.UNKNOWN && !ValType.values()[type].isReference()) {
                    throw invalid(at, "type mismatch: ref.is_null needs a reference");
                }
                push(ValType.I32);
                emit(op, 0, 0, 0);
            }
            case Op.REF_FUNC -> {
                int function = index(module.functionCount(), "function");
                if (!module.declaredReferences()[function]) {
                    throw invalid(at, "undeclared function reference " + function);
                }
                push(ValType.FUNCREF);
                emit(op, function, 0, 0);
            }
            case 0xFC -> miscellaneous(in.u32());
            case 0xFD ->
                throw unsupported(at, "SIMD (v128) is not accepted: compile without it (clang: drop -msimd128)");
            case 0xFE -> throw unsupported(at, "threads and atomics are not accepted");
            case 0xFB, 0xD3, 0xD4, 0xD5, 0xD6 ->
                throw unsupported(at, "garbage collection and typed references are not accepted in a shared process");
            default -> throw malformed(at, "illegal opcode " + Integer.toHexString(op));
        }
    }

    private void constant(int op, ValType type, long bits) {
        push(type);
        emit(op, 0, 0, bits);
    }

    private void local(int op) {
        int local = index(code.localCount(), "local");
        ValType type = code.local(local);
        if (op != Op.LOCAL_GET) {
            pop(type);
        }
        if (op != Op.LOCAL_SET) {
            push(type);
        }
        emit(op, local, 0, 0);
    }

    private void select() {
        pop(ValType.I32);
        int second = popAny();
        int first = popAny();
        int type = first == OperandStack.UNKNOWN ? second : first;
        boolean known = type != OperandStack.UNKNOWN;
        if ((second != OperandStack.UNKNOWN && second != type) || (known && ValType.values()[type].isReference())) {
            throw invalid(at, "type mismatch in select");
        }
        operands.push(type);
        emit(Op.SELECT, 0, 0, 0);
    }

    private void typedSelect() {
        if (in.count("select types", 100) != 1) {
            throw invalid(at, "invalid result arity");
        }
        ValType type = ValType.of(in.u8(), at);
        pop(ValType.I32);
        pop(type);
        pop(type);
        push(type);
        emit(Op.SELECT, 0, 0, 0);
    }

    private void miscellaneous(int sub) {
        if (sub < 0 || sub > 17) {
            throw malformed(at, "illegal opcode fc " + Integer.toHexString(sub));
        }
        int op = Op.FC | sub;
        int a = 0;
        int b = 0;
        if (op <= Op.LAST_SATURATING) {
            pop(NumericOps.operand(op));
            push(NumericOps.result(op));
            emit(op, 0, 0, 0);
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
                a = index(module.elements().size(), "elem segment");
                b = table();
                if (module.elements().get(a).type() != tableType(b)) {
                    throw invalid(at, "type mismatch: segment and table");
                }
                popThree(ValType.I32);
            }
            case Op.ELEM_DROP -> a = index(module.elements().size(), "elem segment");
            case Op.TABLE_COPY -> {
                a = table();
                b = table();
                if (tableType(a) != tableType(b)) {
                    throw invalid(at, "type mismatch: tables of different types");
                }
                popThree(ValType.I32);
            }
            case Op.TABLE_GROW -> {
                a = table();
                pop(ValType.I32);
                pop(tableType(a));
                push(ValType.I32);
            }
            case Op.TABLE_SIZE -> {
                a = table();
                push(ValType.I32);
            }
            default -> {
                a = table();
                pop(ValType.I32);
                pop(tableType(a));
                pop(ValType.I32);
            }
        }
        emit(op, a, b, 0);
    }

    private int dataIndex() {
        int index = in.u32();
        if (!module.dataCounted()) {
            throw malformed(at, "data count section required");
        }
        if (Integer.compareUnsigned(index, module.data().size()) >= 0) {
            throw invalid(at, "unknown data segment " + Integer.toUnsignedString(index));
        }
        return index;
    }

    private void popThree(ValType type) {
        pop(type);
        pop(type);
        pop(type);
    }

    private int table() {
        return index(module.tables().size(), "table");
    }

    private ValType tableType(int table) {
        return module.tables().get(table).type();
    }

    private void memoryIndex() {
        int memory = in.u8();
        if (memory != 0) {
            throw malformed(at, "zero byte expected: one memory only");
        }
        needMemory();
    }

    private void needMemory() {
        if (module.memory().isEmpty()) {
            throw invalid(at, "unknown memory 0");
        }
    }

    private int index(int size, String what) {
        int index = in.u32();
        if (Integer.compareUnsigned(index, size) >= 0) {
            throw invalid(at, "unknown " + what + " " + Integer.toUnsignedString(index));
        }
        return index;
    }

    // blocks

    private FuncType blockType() {
        int first = in.peek();
        if (first == 0x40) {
            in.u8();
            return new FuncType(List.of(), List.of());
        }
        if ((first & 0xC0) == 0x40) {
            int typeAt = in.position();
            return new FuncType(List.of(), List.of(ValType.of(in.u8(), typeAt)));
        }
        long index = in.s33();
        if (index < 0 || index >= module.types().size()) {
            throw invalid(at, "unknown type " + index);
        }
        return module.types().get((int) index);
    }

    private void open(int op) {
        FuncType type = blockType();
        if (op == Op.IF) {
            pop(ValType.I32);
        }
        popAll(type.params());
        push(op, type, -1);
    }

    private void push(int op, FuncType type, int clauses) {
        if (frames.size() > limits.nesting()) {
            throw overLimit(at, "blocks nested deeper than " + limits.nesting());
        }
        boolean dead = unreachableNow();
        int opener = dead ? -1 : code.add(op, -1, code.addBlockType(type), clauses);
        frames.add(new ControlFrame(op, type, operands.size(), dead, opener));
        pushAll(type.params());
    }

    private void tryTable() {
        FuncType type = blockType();
        popAll(type.params());
        int count = in.count("catch clauses", 1_000);
        int start = code.addPool(count);
        for (int i = 0; i < count; i++) {
            catchClause();
        }
        push(Op.TRY_TABLE, type, start);
    }

    /** Labels of catch clauses are counted outside the try block itself. */
    private void catchClause() {
        int kind = in.u8();
        if (kind > 3) {
            throw malformed(at, "malformed catch clause");
        }
        int tag = kind < 2 ? index(module.tagTypes().size(), "tag") : -1;
        int label = label();
        List<ValType> given = new ArrayList<>();
        if (tag >= 0) {
            given.addAll(module.types().get(module.tagTypes().get(tag)).params());
        }
        if ((kind & 1) == 1) {
            given.add(ValType.EXNREF);
        }
        if (!given.equals(frame(label).labelTypes())) {
            throw invalid(at, "type mismatch: catch clause and its label");
        }
        code.addPool(kind);
        code.addPool(tag);
        code.addPool(label);
    }

    private void otherwise() {
        ControlFrame frame = current();
        if (frame.op != Op.IF || frame.elseSeen) {
            throw malformed(at, "else without if");
        }
        closeTypes(frame);
        frame.elseSeen = true;
        frame.unreachable = frame.dead;
        operands.shrink(frame.height);
        pushAll(frame.type.params());
        if (!frame.dead) {
            code.imm(frame.opener, code.add(Op.ELSE, frame.opener, 0, 0));
        }
    }

    private void end() {
        ControlFrame frame = current();
        closeTypes(frame);
        if (frame.op == Op.IF && !frame.elseSeen && !frame.type.params().equals(frame.type.results())) {
            throw invalid(at, "type mismatch: if without else must give what it takes");
        }
        frames.removeLast();
        operands.shrink(frame.height);
        if (!frame.dead) {
            int end = code.add(Op.END, frame.opener, 0, 0);
            if (frame.opener >= 0) {
                code.a(frame.opener, end);
            }
        }
        if (!frames.isEmpty()) {
            pushAll(frame.type.results());
        }
    }

    private void closeTypes(ControlFrame frame) {
        popAll(frame.type.results());
        if (operands.size() != frame.height) {
            throw invalid(at, "type mismatch: values remaining on stack at end of block");
        }
    }

    private void brTable() {
        int count = in.count("br_table labels", MAX_BR_TABLE);
        pop(ValType.I32);
        int start = -1;
        int arity = -1;
        for (int i = 0; i <= count; i++) {
            int label = label();
            List<ValType> types = frame(label).labelTypes();
            if (arity >= 0 && types.size() != arity) {
                throw invalid(at, "type mismatch: br_table labels of different arity");
            }
            arity = types.size();
            checkTop(types);
            int place = code.addPool(label);
            start = i == 0 ? place : start;
        }
        emit(Op.BR_TABLE, start, count + 1, 0);
    }

    private void checkTop(List<ValType> types) {
        int[] popped = new int[types.size()];
        for (int i = types.size() - 1; i >= 0; i--) {
            popped[i] = pop(types.get(i).ordinal());
        }
        for (int type : popped) {
            operands.push(type);
        }
    }

    private int label() {
        int label = in.u32();
        if (Integer.compareUnsigned(label, frames.size()) >= 0) {
            throw invalid(at, "unknown label " + Integer.toUnsignedString(label));
        }
        return label;
    }

    private ControlFrame frame(int label) {
        return frames.get(frames.size() - 1 - label);
    }

    private ControlFrame current() {
        return frames.getLast();
    }

    private boolean unreachableNow() {
        return current().unreachable;
    }

    private void unreachable() {
        operands.shrink(current().height);
        current().unreachable = true;
    }

    // operands

    private void push(ValType type) {
        operands.push(type.ordinal());
    }

    private void pushAll(List<ValType> types) {
        for (ValType type : types) {
            push(type);
        }
    }

    private int popAny() {
        ControlFrame frame = current();
        if (operands.size() == frame.height) {
            if (frame.unreachable) {
                return OperandStack.UNKNOWN;
            }
            throw invalid(at, "type mismatch: operand stack is empty");
        }
        return operands.pop();
    }

    private int pop(int expected) {
        int actual = popAny();
        if (actual != expected && actual != OperandStack.UNKNOWN) {
            throw invalid(
                    at,
                    "type mismatch: expected " + ValType.values()[expected] + ", found " + ValType.values()[actual]);
        }
        return actual;
    }

    private void pop(ValType expected) {
        pop(expected.ordinal());
    }

    private void popAll(List<ValType> types) {
        for (int i = types.size() - 1; i >= 0; i--) {
            pop(types.get(i));
        }
    }

    private void emit(int op, int a, int b, long imm) {
        if (!unreachableNow()) {
            code.add(op, a, b, imm);
        }
    }
}

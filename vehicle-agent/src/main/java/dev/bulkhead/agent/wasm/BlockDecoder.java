package dev.bulkhead.agent.wasm;

import static dev.bulkhead.agent.wasm.WasmFormatException.invalid;
import static dev.bulkhead.agent.wasm.WasmFormatException.malformed;
import static dev.bulkhead.agent.wasm.WasmFormatException.overLimit;

import java.util.ArrayList;
import java.util.List;

/** Decodes the blocks: their types, what opens them, what ends them, and the clauses of {@code try_table}. */
final class BlockDecoder {
    private final ValidationState state;
    private final WasmModule module;
    private final ReaderLimits limits;
    private final ByteCursor in;
    private final Code code;
    private final OperandStack operands;
    private final List<ControlFrame> frames;

    BlockDecoder(ValidationState state) {
        this.state = state;
        this.module = state.module;
        this.limits = state.limits;
        this.in = state.in;
        this.code = state.code;
        this.operands = state.operands;
        this.frames = state.frames;
    }

    /** Opens a block, a loop or an if. */
    void open(int op) {
        FuncType type = blockType();
        if (op == Op.IF) {
            state.pop(ValType.I32);
        }
        state.popAll(type.params());
        openFrame(op, type, -1);
    }

    void tryTable() {
        FuncType type = blockType();
        state.popAll(type.params());
        int count = in.count("catch clauses", 1_000);
        int start = code.addPool(count);
        for (int i = 0; i < count; i++) {
            catchClause();
        }
        openFrame(Op.TRY_TABLE, type, start);
    }

    /** Labels of catch clauses are counted outside the try block itself. */
    private void catchClause() {
        int kind = in.u8();
        if (kind > 3) {
            throw malformed(state.at(), "malformed catch clause " + kind);
        }
        int tag = kind < 2 ? state.index(module.tagTypes().size(), "tag") : -1;
        int label = state.label();
        List<ValType> given = new ArrayList<>();
        if (tag >= 0) {
            given.addAll(module.types().get(module.tagTypes().get(tag)).params());
        }
        if ((kind & 1) == 1) {
            given.add(ValType.EXNREF);
        }
        if (!given.equals(state.frame(label).labelTypes())) {
            throw invalid(state.at(), "type mismatch: catch clause and its label");
        }
        code.addPool(kind);
        code.addPool(tag);
        code.addPool(label);
    }

    void otherwise() {
        ControlFrame frame = state.current();
        if (frame.op != Op.IF || frame.elseSeen) {
            throw malformed(state.at(), "else without if");
        }
        closeTypes(frame);
        frame.elseSeen = true;
        frame.unreachable = frame.dead;
        operands.shrink(frame.height);
        state.pushAll(frame.type.params());
        if (!frame.dead) {
            code.imm(frame.opener, code.add(Op.ELSE, frame.opener, 0, 0));
        }
    }

    void end() {
        ControlFrame frame = state.current();
        closeTypes(frame);
        if (frame.op == Op.IF && !frame.elseSeen && !frame.type.params().equals(frame.type.results())) {
            throw invalid(state.at(), "type mismatch: if without else must give what it takes");
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
            state.pushAll(frame.type.results());
        }
    }

    private void closeTypes(ControlFrame frame) {
        state.popAll(frame.type.results());
        if (operands.size() != frame.height) {
            throw invalid(state.at(), "type mismatch: values remaining on stack at end of block");
        }
    }

    private void openFrame(int op, FuncType type, int clauses) {
        if (frames.size() > limits.nesting()) {
            throw overLimit(
                    state.at(),
                    frames.size() + " blocks nested in one another, at most " + limits.nesting() + " are accepted");
        }
        boolean dead = state.unreachableNow();
        int opener = dead ? -1 : code.add(op, -1, code.addBlockType(type), clauses);
        frames.add(new ControlFrame(op, type, operands.size(), dead, opener));
        state.pushAll(type.params());
    }

    private FuncType blockType() {
        int first = in.peek();
        if (first == 0x40) {
            in.u8();
            return new FuncType(List.of(), List.of());
        }
        if ((first & 0xC0) == 0x40) {
            return new FuncType(List.of(), List.of(ValType.read(in, limits)));
        }
        long index = in.s33();
        if (index < 0 || index >= module.types().size()) {
            throw invalid(state.at(), "unknown type " + index);
        }
        return module.types().get((int) index);
    }
}

package dev.bulkhead.agent.wasm;

import static dev.bulkhead.agent.wasm.WasmFormatException.malformed;
import static dev.bulkhead.agent.wasm.WasmFormatException.overLimit;

import java.util.ArrayList;
import java.util.List;

/** Decodes and validates one function body in one pass (specification, appendix "Validation Algorithm"). One use. */
public final class FunctionDecoder {
    private final ValidationState state;
    private final StorageDecoder storage;
    private final ControlDecoder control;
    private final ValueDecoder values;
    private final SimdDecoder vectors;

    private FunctionDecoder(WasmModule module, int function, ReaderLimits limits) {
        WasmModule.Body body =
                module.bodies().get(function - module.importedFunctions().size());
        ByteCursor in = new ByteCursor(module.bytes(), body.start(), body.end());
        FuncType type = module.functionType(function);
        Code code = new Code(function, type, locals(in, type, limits));
        this.state = new ValidationState(module, limits, in, code);
        this.storage = new StorageDecoder(state);
        this.control = new ControlDecoder(state);
        this.values = new ValueDecoder(state);
        this.vectors = new SimdDecoder(state);
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

    private static ValType[] locals(ByteCursor in, FuncType type, ReaderLimits limits) {
        List<ValType> locals = new ArrayList<>(type.params());
        int groups = in.count("local groups", limits.locals());
        for (int group = 0; group < groups; group++) {
            int start = in.position();
            int count = in.u32();
            long total = locals.size() + Integer.toUnsignedLong(count);
            if (total > limits.locals()) {
                throw overLimit(start, total + " locals, at most " + limits.locals() + " are accepted");
            }
            ValType local = ValType.read(in, limits);
            for (int i = 0; i < count; i++) {
                locals.add(local);
            }
        }
        return locals.toArray(new ValType[0]);
    }

    private Code body() {
        Code code = state.code;
        state.frames.add(
                new ControlFrame(Op.BLOCK, new FuncType(List.of(), code.type().results()), 0, false, -1));
        while (!state.frames.isEmpty()) {
            instruction(state.next());
            code.height(state.operands);
        }
        if (!state.in.atEnd()) {
            throw malformed(state.in.position(), "operators remaining after end of function");
        }
        code.maxOperands(state.operands.deepest());
        return code;
    }

    private void instruction(int op) {
        if (op >= Op.FIRST_NUMERIC && op <= Op.LAST_NUMERIC) {
            values.numeric(op);
        } else if (op >= Op.FIRST_LOAD && op <= Op.LAST_STORE) {
            storage.access(op);
        } else if (op < Op.DROP || op == Op.TRY_TABLE) {
            control.decode(op);
        } else {
            other(op);
        }
    }

    private void other(int op) {
        switch (op) {
            case Op.TABLE_GET, Op.TABLE_SET, Op.MEMORY_SIZE, Op.MEMORY_GROW -> storage.plain(op);
            case 0xFC -> storage.prefixed(state.in.u32());
            case 0xFD -> vectors.decode(state.in.u32());
            default -> values.plain(op);
        }
    }
}

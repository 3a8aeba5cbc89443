package dev.bulkhead.agent.wasm;

import static dev.bulkhead.agent.wasm.WasmFormatException.invalid;
import static dev.bulkhead.agent.wasm.WasmFormatException.overLimit;

import java.util.ArrayList;
import java.util.List;

/**
 * What is known at one place of a function body while it is validated: the types of the operands, the blocks that are open (specification,
 * appendix "Validation Algorithm", "Data Structures"), and what has been decoded so far.
 */
@SuppressWarnings("EnumOrdinal") // the operand stack holds types as small numbers
final class ValidationState {
    final WasmModule module;
    final ReaderLimits limits;
    final ByteCursor in;
    final Code code;
    final OperandStack operands = new OperandStack();
    final List<ControlFrame> frames = new ArrayList<>();
    private final int codeBytes;
    private int at;
    private long moved;

    ValidationState(WasmModule module, ReaderLimits limits, ByteCursor in, Code code) {
        this.module = module;
        this.limits = limits;
        this.in = in;
        this.code = code;
        this.codeBytes = in.end() - in.position();
    }

    /** Offset of the instruction that is being decoded, for messages. */
    int at() {
        return at;
    }

    /** Starts the next instruction; gives its first byte. */
    int next() {
        at = in.position();
        return in.u8();
    }

    // indices

    /** Reads an index into something of the module, below {@code size}. */
    int index(int size, String what) {
        int index = in.u32();
        if (Integer.compareUnsigned(index, size) >= 0) {
            throw invalid(at, "unknown " + what + " " + Integer.toUnsignedString(index));
        }
        return index;
    }

    /** Reads a label, 0 for the innermost block. */
    int label() {
        int label = in.u32();
        if (Integer.compareUnsigned(label, frames.size()) >= 0) {
            throw invalid(at, "unknown label " + Integer.toUnsignedString(label));
        }
        return label;
    }

    // blocks

    ControlFrame frame(int label) {
        return frames.get(frames.size() - 1 - label);
    }

    ControlFrame current() {
        return frames.getLast();
    }

    boolean unreachableNow() {
        return current().unreachable;
    }

    /** Nothing comes to what follows, up to the end of the block. */
    void unreachable() {
        operands.shrink(current().height);
        current().unreachable = true;
    }

    // operands

    void push(ValType type) {
        operands.push(type.ordinal());
        code.operand(type);
    }

    /** Pushes a type as {@link #popAny} gave it. */
    void push(int type) {
        operands.push(type);
    }

    /**
     * Counts operands that a call, a branch or a block hands on, each some bytes of the code to be written: two bytes of a body can be a call of a hundred.
     * Code has them made and used by instructions of its own, so that there is about one for each byte at most.
     */
    void moves(int operands) {
        moved += operands;
        long most = 2L * (codeBytes + limits.params());
        if (moved > most) {
            throw overLimit(
                    at,
                    moved + " operands handed on by calls, branches and blocks, at most " + most
                            + " are accepted in a function of " + codeBytes + " bytes of code");
        }
    }

    void pushAll(List<ValType> types) {
        moves(types.size());
        for (ValType type : types) {
            push(type);
        }
    }

    /** Gives the number of the type popped, or {@link OperandStack#UNKNOWN}. */
    int popAny() {
        ControlFrame frame = current();
        if (operands.size() == frame.height) {
            if (frame.unreachable) {
                return OperandStack.UNKNOWN;
            }
            throw invalid(at, "type mismatch: operand stack is empty");
        }
        return operands.pop();
    }

    int pop(int expected) {
        int actual = popAny();
        if (actual != expected && actual != OperandStack.UNKNOWN) {
            throw invalid(
                    at,
                    "type mismatch: expected " + ValType.values()[expected] + ", found " + ValType.values()[actual]);
        }
        return actual;
    }

    void pop(ValType expected) {
        pop(expected.ordinal());
    }

    void popAll(List<ValType> types) {
        moves(types.size());
        for (int i = types.size() - 1; i >= 0; i--) {
            pop(types.get(i));
        }
    }

    /** Adds the instruction to the code, unless nothing comes to it. */
    void emit(int op, int a, int b, long imm) {
        if (!unreachableNow()) {
            code.add(op, a, b, imm);
        }
    }
}

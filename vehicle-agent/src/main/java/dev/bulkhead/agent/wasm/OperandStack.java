package dev.bulkhead.agent.wasm;

import java.util.Arrays;

/** The validator's operand types; {@link #UNKNOWN} stands for whatever unreachable code wants. */
final class OperandStack {
    static final int UNKNOWN = -1;

    private byte[] types = new byte[64];
    private int size;
    private int deepest;

    int size() {
        return size;
    }

    int deepest() {
        return deepest;
    }

    void shrink(int to) {
        size = to;
    }

    void push(int type) {
        if (size == types.length) {
            types = Arrays.copyOf(types, size * 2);
        }
        types[size++] = (byte) type;
        deepest = Math.max(deepest, size);
    }

    int pop() {
        return types[--size];
    }
}

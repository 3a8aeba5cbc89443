package dev.bulkhead.agent.codegen;

import dev.bulkhead.agent.wasm.Code;

/** Upper estimates of the stack a call of each function takes, in bytes: what the stack budget is counted in. Deterministic. */
final class FrameSizes {
    private static final int FIXED = 128;

    private final int[] bytes;

    FrameSizes(int functions) {
        this.bytes = new int[functions];
    }

    void add(Code code) {
        bytes[code.function()] = FIXED + 16 * code.localCount() + 16 * code.maxOperands();
    }

    int of(int function) {
        return bytes[function];
    }
}

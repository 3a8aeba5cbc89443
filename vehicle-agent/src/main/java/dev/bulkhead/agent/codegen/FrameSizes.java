package dev.bulkhead.agent.codegen;

import dev.bulkhead.agent.wasm.Code;

/** Upper estimates of the stack a call of each function takes, in bytes: what the stack budget is counted in. Deterministic. */
final class FrameSizes {
    private static final int FIXED = 128;
    private static final int FIXED_OF_LONG = 768;
    /** Most instructions of a function that is surely written as one method; a longer one may stand in several, one of which calls the next. */
    private static final int SHORT = 500;

    private final int[] bytes;

    FrameSizes(int functions) {
        this.bytes = new int[functions];
    }

    void add(Code code) {
        bytes[code.function()] = code.size() > SHORT ? FIXED_OF_LONG + 2 * values(code) : ofOneMethod(code);
    }

    private static int values(Code code) {
        return 16 * code.localCount() + 16 * code.maxOperands();
    }

    /** Of a body that is surely written as one method. */
    static int ofOneMethod(Code code) {
        return FIXED + values(code);
    }

    /** What the interpreter takes for it in one method, eight bytes a slot. */
    static int inJvm(Code code) {
        int bytes = FIXED + 16 * code.maxOperands();
        for (int local = 0; local < code.localCount(); local++) {
            bytes += 8 * JavaType.of(code.local(local)).passedSlots();
        }
        return bytes;
    }

    int of(int function) {
        return bytes[function];
    }
}

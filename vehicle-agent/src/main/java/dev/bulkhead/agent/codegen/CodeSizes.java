package dev.bulkhead.agent.codegen;

import dev.bulkhead.agent.wasm.Code;
import dev.bulkhead.agent.wasm.NumericOps;
import dev.bulkhead.agent.wasm.Op;
import dev.bulkhead.agent.wasm.WasmModule;

/** About how many bytes of JVM code each instruction becomes, rather too many than too few. */
final class CodeSizes {
    private static final int LOCAL = 4;
    private static final int VECTOR = 48;
    /** What an access by whole address takes more. */
    private static final int BY_ADDRESS = 10;

    private CodeSizes() {}

    /** Bytes by index of the instruction. */
    static int[] of(WasmModule module, Code code) {
        int[] bytes = new int[code.size()];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = bytes(module, code, i);
        }
        return bytes;
    }

    /** What a method costs before its first instruction. */
    static int prologue(int locals) {
        return 40 + LOCAL * locals;
    }

    /** What it takes to call a loop that is a method of its own. */
    static int call(Region loop) {
        return 40
                + 4 * loop.inputs().size()
                + 12 * loop.outputs().size()
                + 24 * loop.exits().size();
    }

    /** What a way into a second version takes that hands these many locals on. */
    static int entry(int locals) {
        return 30 + 9 * locals;
    }

    private static int bytes(WasmModule module, Code code, int i) {
        int op = code.op(i);
        if (op >= Op.SIMD) {
            return VECTOR;
        }
        if (Comparisons.isComparison(op)) {
            return 7;
        }
        if (NumericOps.isNumeric(op)) {
            return 2;
        }
        if (op >= Op.FIRST_LOAD && op <= Op.LAST_LOAD) {
            return (code.imm(i) == 0 ? 10 : 18) + (code.callsInLine() ? BY_ADDRESS : 0);
        }
        if (op >= Op.FIRST_STORE && op <= Op.LAST_STORE) {
            return (code.imm(i) == 0 ? 14 : 22) + (code.callsInLine() ? BY_ADDRESS : 0);
        }
        return BulkOperations.isBulk(op) ? 16 : plain(module, code, i, op);
    }

    private static int plain(WasmModule module, Code code, int i, int op) {
        return switch (op) {
            case Op.NOP, Op.LEAVE -> 0;
            case Op.ENTER -> 28;
            case Op.CHARGE -> 12;
            case Op.LOOP -> 45;
            case Op.IF -> 6;
            case Op.BLOCK, Op.ELSE, Op.END -> 2;
            case Op.TRY_TABLE -> 40 + 30 * code.pool((int) code.imm(i));
            case Op.BR -> 4;
            case Op.BR_IF -> 5;
            case Op.BR_TABLE -> 20 + table(code.b(i));
            case Op.CALL -> 20 + 2 * module.functionType(code.a(i)).params().size();
            case Op.RETURN_CALL ->
                30 + 16 * module.functionType(code.a(i)).params().size();
            case Op.CALL_INDIRECT, Op.RETURN_CALL_INDIRECT ->
                48 + 16 * module.types().get(code.a(i)).params().size();
            case Op.THROW -> 48;
            case Op.THROW_REF -> 16;
            case Op.SELECT, Op.SELECT_T -> 16;
            case Op.GLOBAL_GET -> 4;
            case Op.GLOBAL_SET -> 8;
            case Op.RETURN -> 8;
            case Op.LOCAL_TEE -> 4;
            case Op.DROP -> 1;
            // of locals, the short forms are for the first few
            case Op.LOCAL_GET, Op.LOCAL_SET -> code.a(i) < 200 ? 2 : 4;
            default -> 3;
        };
    }

    /** Long tables are looked up; at most as many ways are left as blocks can be nested. */
    private static int table(int count) {
        return 10 * Math.min(count, Branches.LONGEST_SWITCH) + (count > Branches.LONGEST_SWITCH ? 200 : 0);
    }
}

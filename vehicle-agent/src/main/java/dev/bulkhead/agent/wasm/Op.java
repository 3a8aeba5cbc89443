package dev.bulkhead.agent.wasm;

/** Opcodes that the decoder and the code generator name; prefixed ones are {@code prefix << 16 | sub}. */
public final class Op {
    public static final int UNREACHABLE = 0x00;
    public static final int NOP = 0x01;
    public static final int BLOCK = 0x02;
    public static final int LOOP = 0x03;
    public static final int IF = 0x04;
    public static final int ELSE = 0x05;
    public static final int THROW = 0x08;
    public static final int THROW_REF = 0x0A;
    public static final int END = 0x0B;
    public static final int BR = 0x0C;
    public static final int BR_IF = 0x0D;
    public static final int BR_TABLE = 0x0E;
    public static final int RETURN = 0x0F;
    public static final int CALL = 0x10;
    public static final int CALL_INDIRECT = 0x11;
    public static final int RETURN_CALL = 0x12;
    public static final int RETURN_CALL_INDIRECT = 0x13;
    public static final int DROP = 0x1A;
    public static final int SELECT = 0x1B;
    public static final int SELECT_T = 0x1C;
    public static final int TRY_TABLE = 0x1F;
    public static final int LOCAL_GET = 0x20;
    public static final int LOCAL_SET = 0x21;
    public static final int LOCAL_TEE = 0x22;
    public static final int GLOBAL_GET = 0x23;
    public static final int GLOBAL_SET = 0x24;
    public static final int TABLE_GET = 0x25;
    public static final int TABLE_SET = 0x26;
    public static final int FIRST_LOAD = 0x28;
    public static final int LAST_LOAD = 0x35;
    public static final int FIRST_STORE = 0x36;
    public static final int LAST_STORE = 0x3E;
    public static final int MEMORY_SIZE = 0x3F;
    public static final int MEMORY_GROW = 0x40;
    public static final int I32_CONST = 0x41;
    public static final int I64_CONST = 0x42;
    public static final int F32_CONST = 0x43;
    public static final int F64_CONST = 0x44;
    public static final int I32_EQZ = 0x45;
    public static final int FIRST_NUMERIC = 0x45;
    public static final int LAST_NUMERIC = 0xC4;
    public static final int REF_NULL = 0xD0;
    public static final int REF_IS_NULL = 0xD1;
    public static final int REF_FUNC = 0xD2;
    public static final int FC = 0xFC_0000;
    public static final int LAST_SATURATING = FC | 7;
    public static final int MEMORY_INIT = FC | 8;
    public static final int DATA_DROP = FC | 9;
    public static final int MEMORY_COPY = FC | 10;
    public static final int MEMORY_FILL = FC | 11;
    public static final int TABLE_INIT = FC | 12;
    public static final int ELEM_DROP = FC | 13;
    public static final int TABLE_COPY = FC | 14;
    public static final int TABLE_GROW = FC | 15;
    public static final int TABLE_SIZE = FC | 16;
    public static final int TABLE_FILL = FC | 17;
    /**
     * Not of the language: a call written out. {@code a} = callee, {@code imm} = how many calls of the function itself are in line around what follows, 0 if
     * the callee is another. Up to the next {@link #BLOCK}, which holds the body, all is free of charge. With {@code b} = 1 only the callee's base case is
     * written out: up to the end of the next {@link #IF} all is free of charge but what {@link #CHARGE} says.
     */
    public static final int ENTER = 0xFB_0000;

    /** Not of the language: behind the block of an {@link #ENTER} of another function. */
    public static final int LEAVE = 0xFB_0001;

    /** Not of the language: takes the fuel that a call of the function itself costs whoever is called. */
    public static final int CHARGE = 0xFB_0002;

    /** Vector instructions: numbers in {@link SimdOps}. */
    public static final int SIMD = 0xFD_0000;

    private Op() {}

    /** Whether control never reaches the next instruction. */
    public static boolean endsFlow(int op) {
        return switch (op) {
            case UNREACHABLE, BR, BR_TABLE, RETURN, RETURN_CALL, RETURN_CALL_INDIRECT, THROW, THROW_REF -> true;
            default -> false;
        };
    }
}

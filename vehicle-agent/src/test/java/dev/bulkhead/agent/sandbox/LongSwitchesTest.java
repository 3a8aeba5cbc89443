package dev.bulkhead.agent.sandbox;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import org.junit.jupiter.api.Test;

/** A loop over a switch too long for one method, an interpreter's: its arms become methods, its head and its switch stay with the locals in JVM locals. */
final class LongSwitchesTest {
    private static final int ARMS = 140;

    private static final int BLOCK = 0x02;
    private static final int LOOP = 0x03;
    private static final int IF = 0x04;
    private static final int END = 0x0B;
    private static final int BR = 0x0C;
    private static final int BR_IF = 0x0D;
    private static final int BR_TABLE = 0x0E;
    private static final int RETURN = 0x0F;
    private static final int GET = 0x20;
    private static final int SET = 0x21;
    private static final int TEE = 0x22;
    private static final int CONST = 0x41;
    private static final int EQ = 0x46;
    private static final int LESS = 0x48;
    private static final int ADD = 0x6A;
    private static final int SUB = 0x6B;
    private static final int MUL = 0x6C;
    private static final int REM_U = 0x70;
    private static final int AND = 0x71;
    private static final int XOR = 0x73;
    private static final int LONG_ADD = 0x7C;
    private static final int LONG_XOR = 0x85;
    private static final int DOUBLE_ADD = 0xA0;
    private static final int WRAP = 0xA7;
    private static final int EXTEND = 0xAC;
    private static final int CONVERT = 0xB7;
    private static final int SATURATE = 0xFC;

    private static final int I32 = 0x7F;
    private static final int I64 = 0x7E;
    private static final int F64 = 0x7C;
    private static final int VOID = 0x40;

    /** Locals: how often to turn, the accumulator, a long, a double, another number, a counter. */
    private static final int TURNS = 0;

    private static final int SUM = 1;
    private static final int WIDE = 2;
    private static final int FLOATING = 3;
    private static final int OTHER = 4;
    private static final int COUNTER = 5;

    private final ByteArrayOutputStream body = new ByteArrayOutputStream();

    private LongSwitchesTest op(int... ops) {
        for (int op : ops) {
            body.write(op);
        }
        return this;
    }

    private LongSwitchesTest to(int branch, int label) {
        body.write(branch);
        LongFunctions.writeLength(body, label);
        return this;
    }

    /** @param statements in each arm besides what tells it from the others */
    private byte[] module(int statements) {
        op(5, 1, I32, 1, I64, 1, F64, 1, I32, 1, I32);
        op(BLOCK, I32, LOOP, VOID, BLOCK, VOID);
        for (int i = 0; i < ARMS; i++) {
            op(BLOCK, VOID);
        }
        op(GET, TURNS, CONST, 1, SUB, TEE, TURNS, CONST, 0, LESS, IF, VOID, GET, SUM)
                .to(BR, ARMS + 3)
                .op(END);
        op(GET, SUM, GET, OTHER, XOR, CONST, (ARMS & 127) | 128, ARMS >> 7, REM_U, BR_TABLE);
        LongFunctions.writeLength(body, ARMS);
        for (int i = 0; i <= ARMS; i++) {
            LongFunctions.writeLength(body, i);
        }
        for (int i = 0; i < ARMS; i++) {
            op(END);
            for (int k = 0; k < statements; k++) {
                op(GET, SUM, CONST, 31, MUL, CONST, (i + k) % 64, XOR, SET, SUM);
            }
            arm(i, ARMS - i);
            to(BR, ARMS - i);
        }
        op(END, GET, SUM, CONST, 13, ADD, SET, SUM, BR, 0, END, 0x00, END);
        op(GET, WIDE, WRAP, XOR, GET, FLOATING, SATURATE, 2, XOR, GET, OTHER, ADD, END);
        return LongFunctions.module(body.toByteArray());
    }

    /** @param loop label of the loop */
    private void arm(int i, int loop) {
        switch (i % 8) {
            case 0 -> op(GET, SUM, GET, COUNTER, ADD, SET, OTHER);
            case 1 -> op(GET, WIDE, GET, SUM, EXTEND, LONG_ADD, SET, WIDE, GET, WIDE, WRAP, SET, OTHER);
            case 2 -> op(GET, FLOATING, GET, SUM, CONVERT, DOUBLE_ADD, SET, FLOATING);
            case 3 ->
                op(CONST, 3, SET, COUNTER, LOOP, VOID, GET, SUM, CONST, 33, MUL, GET, COUNTER, XOR, SET, SUM)
                        .op(GET, COUNTER, CONST, 1, SUB, TEE, COUNTER, BR_IF, 0, END);
            case 4 ->
                op(GET, SUM, CONST, 31, AND, CONST, i % 32, EQ, IF, VOID, GET, SUM, CONST, i % 64, ADD)
                        .to(BR, loop + 2)
                        .op(END);
            case 5 -> op(GET, SUM, CONST, 63, AND, CONST, 1, EQ, IF, VOID, GET, OTHER, RETURN, END);
            case 6 -> op(GET, SUM, GET, OTHER, CONST, 7, ADD, SET, SUM, SET, OTHER);
            default -> {
                op(GET, WIDE, GET, OTHER, EXTEND, LONG_XOR, SET, WIDE, GET, SUM, BR_TABLE, 2);
                LongFunctions.writeLength(body, loop);
                LongFunctions.writeLength(body, loop - 1);
                LongFunctions.writeLength(body, loop);
            }
        }
    }

    @Test
    void shortArmsStayAndLongOnesBecomeMethods() {
        byte[] module = module(8);
        assertTrue(LongFunctions.parts(module) > ARMS / 4, "parts: " + LongFunctions.parts(module));
        for (int turns : new int[] {0, 1, 2, 3, 7, 20, 100, 500}) {
            LongFunctions.splits("switch, " + turns + " turns", module, turns);
        }
    }

    @Test
    void armsOfSeveralHundredInstructions() {
        byte[] module = module(60);
        assertTrue(LongFunctions.parts(module) > ARMS / 2, "parts: " + LongFunctions.parts(module));
        for (int turns : new int[] {0, 1, 50, 400}) {
            LongFunctions.splits("switch, " + turns + " turns", module, turns);
        }
    }
}

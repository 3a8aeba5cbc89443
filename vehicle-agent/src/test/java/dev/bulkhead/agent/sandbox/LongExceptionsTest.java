package dev.bulkhead.agent.sandbox;

import java.io.ByteArrayOutputStream;
import org.junit.jupiter.api.Test;

/** Functions too long for one method that keep exceptions as values, on the operand stack and in locals, from one part to the next. */
final class LongExceptionsTest {
    private static final int BLOCK = 0x02;
    private static final int LOOP = 0x03;
    private static final int IF = 0x04;
    private static final int THROW = 0x08;
    private static final int THROW_REF = 0x0A;
    private static final int END = 0x0B;
    private static final int BR = 0x0C;
    private static final int BR_IF = 0x0D;
    private static final int RETURN = 0x0F;
    private static final int CALL = 0x10;
    private static final int TRY_TABLE = 0x1F;
    private static final int GET = 0x20;
    private static final int SET = 0x21;
    private static final int GET_GLOBAL = 0x23;
    private static final int SET_GLOBAL = 0x24;
    private static final int CONST = 0x41;
    private static final int AND = 0x71;
    private static final int ADD = 0x6A;
    private static final int SUB = 0x6B;
    private static final int XOR = 0x73;
    private static final int REF_NULL = 0xD0;
    private static final int IS_NULL = 0xD1;

    private static final int UNREACHABLE = 0x00;
    private static final int DROP = 0x1A;
    private static final int LESS = 0x48;

    private static final int I32 = 0x7F;
    private static final int I64 = 0x7E;
    private static final int EXNREF = 0x69;
    private static final int VOID = 0x40;
    /** Gives an {@code i32} and an {@code exnref}. */
    private static final int BOTH = 2;

    private static final int CATCH = 0;
    private static final int CATCH_REF = 1;
    private static final int CATCH_ALL_REF = 3;

    /** A body with the parameter 0, the {@code i32} 1 and the {@code exnref} 2. */
    private static final class Body {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

        Body() {
            op(2, 1, I32, 1, EXNREF);
        }

        Body op(int... ops) {
            for (int op : ops) {
                bytes.write(op);
            }
            return this;
        }

        /** More than a part can hold, all of it about local 1. */
        Body line() {
            for (int i = 0; i < 1_200; i++) {
                op(GET, 1, CONST, i % 64, ADD, GET, 0, XOR, SET, 1);
            }
            return this;
        }

        /** Runs {@code then} if the bit is set in the parameter. */
        Body whenBit(int bit, int... then) {
            return op(GET, 0, CONST, bit, AND, IF, VOID).op(then).op(END);
        }

        void splitsFor(int... arguments) {
            byte[] module = LongFunctions.module(bytes.toByteArray());
            for (int argument : arguments) {
                LongFunctions.splits("exceptions, f(" + argument + ")", module, argument);
            }
        }
    }

    @Test
    void aCaughtExceptionWaitsInALocalAndIsThrownAgain() {
        new Body()
                .op(BLOCK, I32, TRY_TABLE, I32, 1, CATCH, 0, 0)
                .op(BLOCK, BOTH, TRY_TABLE, VOID, 1, CATCH_REF, 0, 0)
                .line()
                .whenBit(1, GET, 1, THROW, 0)
                .line()
                .whenBit(2, GET, 1, CALL, 1)
                .line()
                .op(END, GET, 1, CONST, 5, ADD, RETURN, END)
                .op(SET, 2, SET, 1)
                .line()
                .whenBit(4, GET, 2, THROW_REF)
                .line()
                .op(GET, 1, END, CONST, 7, ADD, END, CONST, 3, ADD, END)
                .splitsFor(0, 1, 2, 3, 4, 5, 6, 7);
    }

    @Test
    void exceptionsLieBeneathOtherOperandsFromPartToPart() {
        new Body()
                .op(BLOCK, EXNREF, TRY_TABLE, VOID, 1, CATCH_ALL_REF, 0)
                .line()
                .op(GET, 1, CALL, 1, END, REF_NULL, EXNREF, END)
                .op(CONST, 9, REF_NULL, EXNREF, GET, 1)
                .line()
                .op(GET, 1, ADD, SET, 1)
                .line()
                .op(IS_NULL, GET, 1, ADD, ADD, SET, 1)
                .line()
                .op(IS_NULL, GET, 1, ADD, END)
                .splitsFor(0, 77);
    }

    @Test
    void aLoopCatchesInEachTurnAndKeepsTheLast() {
        new Body()
                .op(LOOP, VOID, BLOCK, EXNREF, TRY_TABLE, VOID, 1, CATCH_ALL_REF, 0)
                .line()
                .whenBit(1, GET, 1, CALL, 1)
                .op(END, GET, 2, END, SET, 2)
                .line()
                .op(GET, 0, CONST, 1, SUB, SET, 0, GET, 0, BR_IF, 0, END)
                .op(BLOCK, I32, TRY_TABLE, VOID, 1, CATCH, 0, 0)
                .line()
                .op(GET, 2, THROW_REF, END, GET, 1, END, GET, 1, ADD, END)
                .splitsFor(1, 2, 5);
    }

    @Test
    void aLocalThatNothingWasCaughtInIsNullAndTrapsWhenThrown() {
        new Body()
                .line()
                .op(GET, 2, IS_NULL, GET, 1, ADD, SET, 1)
                .line()
                .whenBit(1, GET, 2, THROW_REF)
                .line()
                .op(GET, 1, END)
                .splitsFor(0, 1);
    }

    @Test
    void aGlobalKeepsWhatWasCaught() {
        new Body()
                .op(BLOCK, EXNREF, TRY_TABLE, VOID, 1, CATCH_ALL_REF, 0)
                .line()
                .whenBit(1, GET, 1, CALL, 1)
                .op(END, GET_GLOBAL, 0, END, SET_GLOBAL, 0)
                .line()
                .op(GET_GLOBAL, 0, IS_NULL, GET, 1, ADD, SET, 1)
                .line()
                .op(GET, 1, END)
                .splitsFor(0, 1);
    }

    @Test
    void whatIsCaughtLeavesTheFunctionFromWithinAPart() {
        new Body()
                .op(BLOCK, EXNREF, TRY_TABLE, VOID, 1, CATCH_ALL_REF, 0)
                .line()
                .op(GET, 1, CALL, 1, END, GET, 1, RETURN, END, SET, 2)
                .op(BLOCK, I32, BLOCK, EXNREF, GET, 2)
                .line()
                .whenBit(1, CONST, 11, BR, 2)
                .whenBit(2, GET, 2, BR, 1)
                .line()
                .op(END, IS_NULL, END, GET, 1, ADD, END)
                .splitsFor(0, 1, 2, 3);
    }

    @Test
    void aBlockThatNothingLeavesMayHaveAResultThatIsDropped() {
        new Body()
                .line()
                .op(GET, 0, IF, VOID, BLOCK, I64, GET, 1, RETURN, END, DROP, END)
                .line()
                .op(GET, 1, END)
                .splitsFor(0, 1);
    }

    @Test
    void anExceptionLivesOnBesideALoopThatLeavesItAlone() {
        byte[] body = new Body()
                .op(BLOCK, EXNREF, TRY_TABLE, VOID, 1, CATCH_ALL_REF, 0, GET, 0, CALL, 1, END, UNREACHABLE, END, SET, 2)
                .op(LOOP, VOID, GET, 1, CONST, 1, ADD, SET, 1, GET, 1, CONST, 40, LESS, BR_IF, 0, END)
                .op(BLOCK, I32, TRY_TABLE, VOID, 1, CATCH, 0, 0, GET, 2, THROW_REF, END, UNREACHABLE, END)
                .op(GET, 1, ADD, END)
                .bytes
                .toByteArray();
        OutOfFuelTest.sameInEachForm("an exception beside a loop", LongFunctions.module(body), 7);
    }
}

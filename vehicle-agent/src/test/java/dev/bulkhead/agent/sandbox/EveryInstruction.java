package dev.bulkhead.agent.sandbox;

import dev.bulkhead.agent.wasm.NumericOps;
import dev.bulkhead.agent.wasm.Op;
import dev.bulkhead.agent.wasm.SimdOps;
import dev.bulkhead.agent.wasm.ValType;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** A module with every instruction there is, for what depends on how each is written. It is valid; what it computes means nothing. */
final class EveryInstruction {
    private static final int I32 = 0x7F;
    private static final int I64 = 0x7E;
    private static final int F32 = 0x7D;
    private static final int F64 = 0x7C;
    private static final int V128 = 0x7B;
    private static final int FUNCREF = 0x70;
    private static final int EXNREF = 0x69;
    private static final int[] VALUES = {I32, I64, F32, F64, V128, FUNCREF};
    private static final int VOID = 0x40;

    /** Type of all functions: one parameter of each type, of which there is a local and a global with the same index; an i32 for a result. */
    private static final int TYPE = 0;

    private static final int NOTHING = 1;
    private static final int WITH_I32 = 2;

    private final List<Consumer<ModuleBytes>> functions = new ArrayList<>();

    private EveryInstruction() {}

    static byte[] module() {
        EveryInstruction all = new EveryInstruction();
        all.numeric();
        all.memory();
        all.vectors();
        all.references();
        all.control();
        all.exceptions();
        return all.assembled();
    }

    private byte[] assembled() {
        return ModuleBytes.module(module -> {
            module.section(1, 3, i -> type -> {
                switch (i) {
                    case TYPE -> type.raw(0x60, VALUES.length).raw(VALUES).raw(1, I32);
                    case NOTHING -> type.raw(0x60, 0, 0);
                    default -> type.raw(0x60, 1, I32, 0);
                }
            });
            module.section(3, functions.size(), i -> function -> function.number(TYPE));
            module.section(4, 2, i -> table -> table.raw(FUNCREF, 0, 4));
            module.section(5, 1, i -> memory -> memory.raw(0, 1));
            module.section(13, 2, i -> tag -> tag.raw(0, i == 0 ? NOTHING : WITH_I32));
            module.section(6, VALUES.length, i -> global -> {
                global.raw(VALUES[i], 1);
                zero(global, VALUES[i]);
                global.raw(0x0B);
            });
            module.section(
                    7,
                    functions.size(),
                    i -> export -> export.name("f" + i).raw(0).number(i));
            module.section(
                    9,
                    2,
                    i -> segment ->
                            segment.raw(i == 0 ? new int[] {0, 0x41, 0, 0x0B, 2, 0, 1} : new int[] {1, 0, 1, 0}));
            module.raw(12, 1, 1);
            module.section(10, functions.size(), i -> code -> code.sized(functions.get(i)));
            module.section(11, 1, i -> data -> data.raw(1, 2, 7, 8));
        });
    }

    private static void zero(ModuleBytes code, int type) {
        switch (type) {
            case I32 -> code.raw(0x41, 0);
            case I64 -> code.raw(0x42, 0);
            case F32 -> code.raw(0x43, 0, 0, 0, 0);
            case F64 -> code.raw(0x44, 0, 0, 0, 0, 0, 0, 0, 0);
            case V128 -> code.raw(0xFD, SimdOps.CONST, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
            default -> code.raw(0xD0, FUNCREF);
        }
    }

    private static int local(ValType type) {
        return switch (type) {
            case I32 -> 0;
            case I64 -> 1;
            case F32 -> 2;
            case F64 -> 3;
            case V128 -> 4;
            case FUNCREF, EXTERNREF, EXNREF -> 5;
        };
    }

    /** A function of these instructions that gives parameter 0; the local behind the parameters is an {@code exnref}. */
    private void function(Consumer<ModuleBytes> instructions) {
        functions.add(code -> {
            code.raw(1, 1, EXNREF);
            instructions.accept(code);
            code.raw(0x20, 0, 0x0B);
        });
    }

    private static void operand(ModuleBytes code, ValType type) {
        code.raw(0x20, local(type));
    }

    private static void result(ModuleBytes code, ValType type) {
        code.raw(0x21, local(type));
    }

    private void numeric() {
        function(code -> {
            for (int op = Op.FIRST_NUMERIC; op <= Op.LAST_NUMERIC; op++) {
                numeric(code, op, op);
            }
        });
        function(code -> {
            for (int op = Op.FC; op <= Op.LAST_SATURATING; op++) {
                numeric(code, op, 0xFC, op & 0xFF);
            }
        });
    }

    private static void numeric(ModuleBytes code, int op, int... bytes) {
        operand(code, NumericOps.operand(op));
        if (NumericOps.binary(op)) {
            operand(code, NumericOps.operand(op));
        }
        code.raw(bytes);
        result(code, NumericOps.result(op));
    }

    private void memory() {
        function(code -> {
            for (int op = Op.FIRST_LOAD; op <= Op.LAST_STORE; op++) {
                code.raw(0x20, 0);
                if (op > Op.LAST_LOAD) {
                    operand(code, NumericOps.accessType(op));
                }
                code.raw(op, 0).number(op * 3);
                if (op <= Op.LAST_LOAD) {
                    result(code, NumericOps.accessType(op));
                }
            }
        });
        function(code -> code.raw(0x3F, 0, 0x40, 0, 0x21, 0)
                .raw(0x20, 0, 0x20, 0, 0x20, 0, 0xFC, 8, 0, 0)
                .raw(0xFC, 9, 0)
                .raw(0x20, 0, 0x20, 0, 0x20, 0, 0xFC, 10, 0, 0)
                .raw(0x20, 0, 0x20, 0, 0x20, 0, 0xFC, 11, 0));
    }

    /** Some to a function, which the format would else have no room for. */
    private void vectors() {
        for (int from = 0; from < 0x100; from += 0x20) {
            int first = from;
            function(code -> {
                for (int op = first; op < first + 0x20; op++) {
                    vector(code, op);
                }
            });
        }
    }

    private static void vector(ModuleBytes code, int op) {
        String shape = SimdOps.shape(op) == null ? "" : SimdOps.shape(op);
        if (shape.isEmpty()) {
            return;
        }
        int colon = shape.indexOf(':');
        for (char letter : shape.substring(0, colon).toCharArray()) {
            operand(code, SimdOps.type(letter));
        }
        code.raw(0xFD).number(op);
        if (SimdOps.accessWidth(op) >= 0) {
            code.raw(0, op);
        }
        if (SimdOps.lanes(op) > 0) {
            code.raw(SimdOps.lanes(op) - 1);
        }
        if (op == SimdOps.CONST || op == SimdOps.SHUFFLE) {
            code.raw(15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0);
        }
        for (char letter : shape.substring(colon + 1).toCharArray()) {
            result(code, SimdOps.type(letter));
        }
    }

    private void references() {
        function(code -> code.raw(0xD2, 1, 0x21, 5, 0x20, 5, 0xD1, 0x21, 0, 0xD0, FUNCREF, 0x21, 5)
                .raw(0x20, 0, 0x25, 0, 0x21, 5, 0x20, 0, 0x20, 5, 0x26, 1)
                .raw(0x20, 0, 0x20, 0, 0x20, 0, 0xFC, 12, 1, 0, 0xFC, 13, 1)
                .raw(0x20, 0, 0x20, 0, 0x20, 0, 0xFC, 14, 1, 0)
                .raw(0x20, 5, 0x20, 0, 0xFC, 15, 1, 0x21, 0, 0xFC, 16, 0, 0x21, 0)
                .raw(0x20, 0, 0x20, 5, 0x20, 0, 0xFC, 17, 1));
        function(code -> {
            for (int type = 0; type < VALUES.length; type++) {
                code.raw(0x23, type, 0x22, type, 0x24, type);
                code.raw(0x20, type, 0x20, type, 0x20, 0);
                code.raw(VALUES[type] == FUNCREF ? new int[] {0x1C, 1, FUNCREF} : new int[] {0x1B})
                        .raw(0x1A, 0x01);
            }
        });
    }

    /** Loops, branches of every kind, and calls of a function by itself, directly, by reference, and as its last. */
    private void control() {
        function(code -> code.raw(0x03, VOID, 0x02, VOID, 0x20, 0, 0x0D, 0, 0x20, 0, 0x0E, 2, 0, 1, 0, 0x0B)
                .raw(0x20, 0, 0x04, I32, 0x41, 1, 0x05, 0x41, 2, 0x0B, 0x22, 0, 0x45, 0x0D, 0, 0x0B)
                .raw(0x02, VOID, 0x0C, 0, 0x0B, 0x20, 0, 0x04, VOID, 0x00, 0x0B, 0x20, 0, 0x0F));
        int self = functions.size();
        function(code -> {
            code.raw(0x20, 0, 0x45, 0x04, VOID, 0x20, 0, 0x0F, 0x0B);
            parameters(code, 0x10, self);
            parameters(code, 0x10, self);
            code.raw(0x6A, 0x21, 0);
        });
        function(code -> {
            parameters(code, 0x10, 0);
            code.raw(0x21, 0);
            code.raw(0x20, 0, 0x20, 1, 0x20, 2, 0x20, 3, 0x20, 4, 0x20, 5, 0x20, 0, 0x11, TYPE, 1, 0x21, 0);
        });
        function(code -> parameters(code.raw(0x20, 0, 0x04, VOID), 0x12, self).raw(0x0B));
        function(code -> code.raw(0x20, 0, 0x20, 1, 0x20, 2, 0x20, 3, 0x20, 4, 0x20, 5, 0x20, 0, 0x13, TYPE, 0));
    }

    private static ModuleBytes parameters(ModuleBytes code, int call, int function) {
        return code.raw(0x20, 0, 0x20, 1, 0x20, 2, 0x20, 3, 0x20, 4, 0x20, 5, call)
                .number(function);
    }

    /** Each way to catch: by tag or all, with the exception as a value or without. */
    private void exceptions() {
        function(code -> code.raw(0x02, VOID, 0x1F, VOID, 1, 2, 0, 0x08, 0, 0x0B, 0x0B)
                .raw(0x02, I32, 0x1F, VOID, 1, 0, 1, 0, 0x41, 5, 0x08, 1, 0x0B, 0x41, 0, 0x0B, 0x21, 0)
                .raw(0x02, EXNREF, 0x1F, VOID, 1, 3, 0, 0x20, 0, 0x08, 1, 0x0B, 0xD0, EXNREF, 0x0B, 0x21, 6)
                .raw(0x02, EXNREF, 0x1F, VOID, 1, 1, 0, 0, 0x08, 0, 0x0B, 0xD0, EXNREF, 0x0B, 0x21, 6)
                .raw(0x20, 6, 0x0A));
    }
}

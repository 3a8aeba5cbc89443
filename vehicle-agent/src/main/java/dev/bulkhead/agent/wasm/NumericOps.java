package dev.bulkhead.agent.wasm;

import static dev.bulkhead.agent.wasm.ValType.F32;
import static dev.bulkhead.agent.wasm.ValType.F64;
import static dev.bulkhead.agent.wasm.ValType.I32;
import static dev.bulkhead.agent.wasm.ValType.I64;

/** Operand and result types of the numeric instructions and of loads and stores. */
public final class NumericOps {
    private NumericOps() {}

    /** Operand type; both operands of a binary instruction have the same. */
    public static ValType operand(int op) {
        if (op >= Op.FC) {
            return (op & 7) < 2 || (op & 7) == 4 || (op & 7) == 5 ? F32 : F64;
        }
        if (op <= 0x4F) {
            return I32;
        }
        if (op <= 0x5A) {
            return I64;
        }
        if (op <= 0x60) {
            return F32;
        }
        if (op <= 0x66) {
            return F64;
        }
        if (op <= 0xA6) {
            return arithmeticType(op);
        }
        return switch (op) {
            case 0xA7, 0xB4, 0xB5, 0xB9, 0xBA, 0xBF, 0xC2, 0xC3, 0xC4 -> I64;
            case 0xA8, 0xA9, 0xAE, 0xAF, 0xBB, 0xBC -> F32;
            case 0xAA, 0xAB, 0xB0, 0xB1, 0xB6, 0xBD -> F64;
            default -> I32;
        };
    }

    private static ValType arithmeticType(int op) {
        return op <= 0x78 ? I32 : op <= 0x8A ? I64 : op <= 0x98 ? F32 : F64;
    }

    public static ValType result(int op) {
        if (op >= Op.FC) {
            return (op & 7) < 4 ? I32 : I64;
        }
        if (op <= 0x66) {
            return I32;
        }
        if (op <= 0xA6) {
            return arithmeticType(op);
        }
        return switch (op) {
            case 0xAC, 0xAD, 0xAE, 0xAF, 0xB0, 0xB1, 0xBD, 0xC2, 0xC3, 0xC4 -> I64;
            case 0xB2, 0xB3, 0xB4, 0xB5, 0xB6, 0xBE -> F32;
            case 0xB7, 0xB8, 0xB9, 0xBA, 0xBB, 0xBF -> F64;
            default -> I32;
        };
    }

    public static boolean isNumeric(int op) {
        return (op >= Op.FIRST_NUMERIC && op <= Op.LAST_NUMERIC) || (op >= Op.FC && op <= Op.LAST_SATURATING);
    }

    public static boolean binary(int op) {
        return (op >= 0x46 && op <= 0x4F)
                || (op >= 0x51 && op <= 0x66)
                || (op >= 0x6A && op <= 0x78)
                || (op >= 0x7C && op <= 0x8A)
                || (op >= 0x92 && op <= 0x98)
                || (op >= 0xA0 && op <= 0xA6);
    }

    /** Type a load gives or a store takes. */
    public static ValType accessType(int op) {
        return switch (op) {
            case 0x28, 0x2C, 0x2D, 0x2E, 0x2F, 0x36, 0x3A, 0x3B -> I32;
            case 0x2A, 0x38 -> F32;
            case 0x2B, 0x39 -> F64;
            default -> I64;
        };
    }

    /** log2 of the bytes accessed. */
    public static int accessWidth(int op) {
        return switch (op) {
            case 0x2C, 0x2D, 0x30, 0x31, 0x3A, 0x3C -> 0;
            case 0x2E, 0x2F, 0x32, 0x33, 0x3B, 0x3D -> 1;
            case 0x28, 0x2A, 0x34, 0x35, 0x36, 0x38, 0x3E -> 2;
            default -> 3;
        };
    }
}

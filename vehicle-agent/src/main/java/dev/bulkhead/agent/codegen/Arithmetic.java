package dev.bulkhead.agent.codegen;

import static org.objectweb.asm.Opcodes.*;

/** Numeric instructions other than comparisons: operands on the JVM's stack, result on the JVM's stack. */
final class Arithmetic {
    private static final String INTEGER = "java/lang/Integer";
    private static final String LONG = "java/lang/Long";
    private static final String MATH = "java/lang/Math";
    private static final String OURS = RuntimeNames.MATH;

    private Arithmetic() {}

    static void write(Bytecode out, int op) {
        if (op >= 0xFC_0000) {
            saturating(out, op & 7);
        } else if (op <= 0x78) {
            ints(out, op);
        } else if (op <= 0x8A) {
            longs(out, op);
        } else if (op <= 0x98) {
            floats(out, op - 0x8B);
        } else if (op <= 0xA6) {
            doubles(out, op - 0x99);
        } else {
            conversion(out, op);
        }
    }

    private static void ints(Bytecode out, int op) {
        switch (op) {
            case 0x67 -> out.callStatic(INTEGER, "numberOfLeadingZeros", "(I)I");
            case 0x68 -> out.callStatic(INTEGER, "numberOfTrailingZeros", "(I)I");
            case 0x69 -> out.callStatic(INTEGER, "bitCount", "(I)I");
            case 0x6A -> out.op(IADD);
            case 0x6B -> out.op(ISUB);
            case 0x6C -> out.op(IMUL);
            case 0x6D -> out.callStatic(OURS, "divide", "(II)I");
            case 0x6E -> out.callStatic(INTEGER, "divideUnsigned", "(II)I");
            case 0x6F -> out.op(IREM);
            case 0x70 -> out.callStatic(INTEGER, "remainderUnsigned", "(II)I");
            case 0x71 -> out.op(IAND);
            case 0x72 -> out.op(IOR);
            case 0x73 -> out.op(IXOR);
            case 0x74 -> out.op(ISHL);
            case 0x75 -> out.op(ISHR);
            case 0x76 -> out.op(IUSHR);
            case 0x77 -> out.callStatic(INTEGER, "rotateLeft", "(II)I");
            case 0x78 -> out.callStatic(INTEGER, "rotateRight", "(II)I");
            default -> throw new IllegalArgumentException("opcode " + op);
        }
    }

    private static void longs(Bytecode out, int op) {
        switch (op) {
            case 0x79 -> widen(out, "numberOfLeadingZeros");
            case 0x7A -> widen(out, "numberOfTrailingZeros");
            case 0x7B -> widen(out, "bitCount");
            case 0x7C -> out.op(LADD);
            case 0x7D -> out.op(LSUB);
            case 0x7E -> out.op(LMUL);
            case 0x7F -> out.callStatic(OURS, "divide", "(JJ)J");
            case 0x80 -> out.callStatic(LONG, "divideUnsigned", "(JJ)J");
            case 0x81 -> out.op(LREM);
            case 0x82 -> out.callStatic(LONG, "remainderUnsigned", "(JJ)J");
            case 0x83 -> out.op(LAND);
            case 0x84 -> out.op(LOR);
            case 0x85 -> out.op(LXOR);
            case 0x86 -> shift(out, LSHL);
            case 0x87 -> shift(out, LSHR);
            case 0x88 -> shift(out, LUSHR);
            case 0x89 -> {
                out.op(L2I);
                out.callStatic(LONG, "rotateLeft", "(JI)J");
            }
            case 0x8A -> {
                out.op(L2I);
                out.callStatic(LONG, "rotateRight", "(JI)J");
            }
            default -> throw new IllegalArgumentException("opcode " + op);
        }
    }

    private static void widen(Bytecode out, String name) {
        out.callStatic(LONG, name, "(J)I");
        out.op(I2L);
    }

    private static void shift(Bytecode out, int opcode) {
        out.op(L2I);
        out.op(opcode);
    }

    /** Order: abs neg ceil floor trunc nearest sqrt add sub mul div min max copysign. */
    private static void floats(Bytecode out, int which) {
        switch (which) {
            case 0 -> out.callStatic(MATH, "abs", "(F)F");
            case 1 -> out.op(FNEG);
            case 2 -> throughDouble(out, "ceil");
            case 3 -> throughDouble(out, "floor");
            case 4 -> out.callStatic(OURS, "truncate", "(F)F");
            case 5 -> throughDouble(out, "rint");
            case 6 -> throughDouble(out, "sqrt");
            case 7 -> out.op(FADD);
            case 8 -> out.op(FSUB);
            case 9 -> out.op(FMUL);
            case 10 -> out.op(FDIV);
            case 11 -> out.callStatic(MATH, "min", "(FF)F");
            case 12 -> out.callStatic(MATH, "max", "(FF)F");
            default -> out.callStatic(OURS, "copySign", "(FF)F");
        }
    }

    private static void throughDouble(Bytecode out, String name) {
        out.op(F2D);
        out.callStatic(MATH, name, "(D)D");
        out.op(D2F);
    }

    private static void doubles(Bytecode out, int which) {
        switch (which) {
            case 0 -> out.callStatic(MATH, "abs", "(D)D");
            case 1 -> out.op(DNEG);
            case 2 -> out.callStatic(MATH, "ceil", "(D)D");
            case 3 -> out.callStatic(MATH, "floor", "(D)D");
            case 4 -> out.callStatic(OURS, "truncate", "(D)D");
            case 5 -> out.callStatic(MATH, "rint", "(D)D");
            case 6 -> out.callStatic(MATH, "sqrt", "(D)D");
            case 7 -> out.op(DADD);
            case 8 -> out.op(DSUB);
            case 9 -> out.op(DMUL);
            case 10 -> out.op(DDIV);
            case 11 -> out.callStatic(MATH, "min", "(DD)D");
            case 12 -> out.callStatic(MATH, "max", "(DD)D");
            default -> out.callStatic(OURS, "copySign", "(DD)D");
        }
    }

    private static void conversion(Bytecode out, int op) {
        switch (op) {
            case 0xA7 -> out.op(L2I);
            case 0xA8 -> {
                out.op(F2D);
                out.callStatic(OURS, "truncateToInt", "(D)I");
            }
            case 0xA9 -> {
                out.op(F2D);
                out.callStatic(OURS, "truncateToUnsignedInt", "(D)I");
            }
            case 0xAA -> out.callStatic(OURS, "truncateToInt", "(D)I");
            case 0xAB -> out.callStatic(OURS, "truncateToUnsignedInt", "(D)I");
            case 0xAC -> out.op(I2L);
            case 0xAD -> unsigned(out);
            case 0xAE -> {
                out.op(F2D);
                out.callStatic(OURS, "truncateToLong", "(D)J");
            }
            case 0xAF -> {
                out.op(F2D);
                out.callStatic(OURS, "truncateToUnsignedLong", "(D)J");
            }
            case 0xB0 -> out.callStatic(OURS, "truncateToLong", "(D)J");
            case 0xB1 -> out.callStatic(OURS, "truncateToUnsignedLong", "(D)J");
            case 0xB2 -> out.op(I2F);
            case 0xB3 -> {
                unsigned(out);
                out.op(L2F);
            }
            case 0xB4 -> out.op(L2F);
            case 0xB5 -> out.callStatic(OURS, "unsignedToFloat", "(J)F");
            case 0xB6 -> out.op(D2F);
            case 0xB7 -> out.op(I2D);
            case 0xB8 -> {
                unsigned(out);
                out.op(L2D);
            }
            case 0xB9 -> out.op(L2D);
            case 0xBA -> out.callStatic(OURS, "unsignedToDouble", "(J)D");
            case 0xBB -> out.op(F2D);
            case 0xBC -> out.callStatic("java/lang/Float", "floatToRawIntBits", "(F)I");
            case 0xBD -> out.callStatic("java/lang/Double", "doubleToRawLongBits", "(D)J");
            case 0xBE -> out.callStatic("java/lang/Float", "intBitsToFloat", "(I)F");
            case 0xBF -> out.callStatic("java/lang/Double", "longBitsToDouble", "(J)D");
            default -> signExtension(out, op);
        }
    }

    private static void signExtension(Bytecode out, int op) {
        switch (op) {
            case 0xC0 -> out.op(I2B);
            case 0xC1 -> out.op(I2S);
            default -> {
                out.op(L2I);
                if (op != 0xC4) {
                    out.op(op == 0xC2 ? I2B : I2S);
                }
                out.op(I2L);
            }
        }
    }

    private static void unsigned(Bytecode out) {
        out.op(I2L);
        out.constant(0xFFFF_FFFFL);
        out.op(LAND);
    }

    private static void saturating(Bytecode out, int which) {
        if (which == 0 || which == 1 || which == 4 || which == 5) {
            out.op(F2D);
        }
        switch (which) {
            case 0, 2 -> out.op(D2I);
            case 1, 3 -> out.callStatic(OURS, "saturateToUnsignedInt", "(D)I");
            case 4, 6 -> out.op(D2L);
            default -> out.callStatic(OURS, "saturateToUnsignedLong", "(D)J");
        }
    }
}

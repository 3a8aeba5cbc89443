package dev.bulkhead.agent.codegen;

import dev.bulkhead.agent.wasm.Op;
import org.objectweb.asm.Label;
import org.objectweb.asm.Opcodes;

/** Comparison instructions as JVM conditional jumps; NaN compares as WebAssembly wants it. */
final class Comparisons {
    private Comparisons() {}

    static boolean isComparison(int op) {
        return (op >= Op.I32_EQZ && op <= 0x66) || op == Op.REF_IS_NULL;
    }

    static int operands(int op) {
        return op == Op.I32_EQZ || op == 0x50 || op == Op.REF_IS_NULL ? 1 : 2;
    }

    /** Jumps to {@code target} if the comparison of the operands on the JVM's stack gives {@code sense}. */
    static void jump(Bytecode out, int op, boolean sense, boolean object, Label target) {
        int opcode = positive(out, op, object);
        out.jump(sense ? opcode : inverse(opcode), target);
    }

    /** Writes what brings the operands to a form that one conditional jump can test; that jump is the result. */
    private static int positive(Bytecode out, int op, boolean object) {
        if (op == Op.REF_IS_NULL) {
            return object ? Opcodes.IFNULL : Opcodes.IFLT;
        }
        if (op == Op.I32_EQZ) {
            return Opcodes.IFEQ;
        }
        if (op <= 0x4F) {
            return ints(out, op - 0x46);
        }
        if (op == 0x50) {
            out.op(Opcodes.LCONST_0);
            out.op(Opcodes.LCMP);
            return Opcodes.IFEQ;
        }
        if (op <= 0x5A) {
            return longs(out, op - 0x51);
        }
        return op <= 0x60
                ? floating(out, op - 0x5B, Opcodes.FCMPL, Opcodes.FCMPG)
                : floating(out, op - 0x61, Opcodes.DCMPL, Opcodes.DCMPG);
    }

    /** Order of the opcodes: eq ne lt_s lt_u gt_s gt_u le_s le_u ge_s ge_u. */
    private static int ints(Bytecode out, int which) {
        return switch (which) {
            case 3, 5, 7, 9 -> {
                out.callStatic("java/lang/Integer", "compareUnsigned", "(II)I");
                yield against0(which);
            }
            case 0 -> Opcodes.IF_ICMPEQ;
            case 1 -> Opcodes.IF_ICMPNE;
            case 2 -> Opcodes.IF_ICMPLT;
            case 4 -> Opcodes.IF_ICMPGT;
            case 6 -> Opcodes.IF_ICMPLE;
            default -> Opcodes.IF_ICMPGE;
        };
    }

    private static int longs(Bytecode out, int which) {
        if (which == 3 || which == 5 || which == 7 || which == 9) {
            out.callStatic("java/lang/Long", "compareUnsigned", "(JJ)I");
        } else {
            out.op(Opcodes.LCMP);
        }
        return against0(which);
    }

    private static int against0(int which) {
        return switch (which) {
            case 0 -> Opcodes.IFEQ;
            case 1 -> Opcodes.IFNE;
            case 2, 3 -> Opcodes.IFLT;
            case 4, 5 -> Opcodes.IFGT;
            case 6, 7 -> Opcodes.IFLE;
            default -> Opcodes.IFGE;
        };
    }

    /** Order of the opcodes: eq ne lt gt le ge. With NaN the compare gives the side that makes the test fail. */
    private static int floating(Bytecode out, int which, int nanLow, int nanHigh) {
        out.op(which == 2 || which == 4 ? nanHigh : nanLow);
        return switch (which) {
            case 0 -> Opcodes.IFEQ;
            case 1 -> Opcodes.IFNE;
            case 2 -> Opcodes.IFLT;
            case 3 -> Opcodes.IFGT;
            case 4 -> Opcodes.IFLE;
            default -> Opcodes.IFGE;
        };
    }

    private static int inverse(int opcode) {
        return switch (opcode) {
            case Opcodes.IFEQ -> Opcodes.IFNE;
            case Opcodes.IFNE -> Opcodes.IFEQ;
            case Opcodes.IFLT -> Opcodes.IFGE;
            case Opcodes.IFGE -> Opcodes.IFLT;
            case Opcodes.IFGT -> Opcodes.IFLE;
            case Opcodes.IFLE -> Opcodes.IFGT;
            case Opcodes.IF_ICMPEQ -> Opcodes.IF_ICMPNE;
            case Opcodes.IF_ICMPNE -> Opcodes.IF_ICMPEQ;
            case Opcodes.IF_ICMPLT -> Opcodes.IF_ICMPGE;
            case Opcodes.IF_ICMPGE -> Opcodes.IF_ICMPLT;
            case Opcodes.IF_ICMPGT -> Opcodes.IF_ICMPLE;
            case Opcodes.IF_ICMPLE -> Opcodes.IF_ICMPGT;
            case Opcodes.IFNULL -> Opcodes.IFNONNULL;
            case Opcodes.IFNONNULL -> Opcodes.IFNULL;
            default -> throw new IllegalArgumentException("no inverse of " + opcode);
        };
    }
}

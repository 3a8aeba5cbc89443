package dev.bulkhead.agent.codegen;

import dev.bulkhead.agent.wasm.NumericOps;
import dev.bulkhead.agent.wasm.Op;
import org.objectweb.asm.Opcodes;

/**
 * Loads and stores on the memory's array, in one of two ways. As an element of it: the array's own bounds check decides, as its length is the memory's
 * size. An address of 2³¹ or more is a negative {@code int} and fails by itself; where an offset is added it is checked first, because the sum could come
 * round to a small number; offsets of 2³¹ or more always trap. Or by whole address, the sum as a {@code long}: what functions with calls in line take.
 */
final class MemoryAccess {
    private static final int UNREACHABLE_INDEX = -1;

    private final Bytecode out;
    private final Operands operands;
    private final int memoryLocal;
    private final boolean byAddress;

    MemoryAccess(Bytecode out, Operands operands, int memoryLocal, boolean byAddress) {
        this.out = out;
        this.operands = operands;
        this.memoryLocal = memoryLocal;
        this.byAddress = byAddress;
    }

    void load(int op, long offset) {
        int width = NumericOps.accessWidth(op);
        JavaType type = JavaType.of(NumericOps.accessType(op));
        int saved = saveIfJvm(0, JavaType.INT);
        place(op, 0, saved, offset);
        operands.forget(1);
        read(op, width);
        operands.pushJvm(type);
    }

    void store(int op, long offset) {
        JavaType type = JavaType.of(NumericOps.accessType(op));
        int savedValue = saveIfJvm(0, type);
        int savedAddress = saveIfJvm(1, JavaType.INT);
        place(op, 1, savedAddress, offset);
        if (savedValue >= 0) {
            out.load(type, savedValue);
        } else {
            operands.loadLazy(0);
        }
        operands.forget(2);
        write(op);
    }

    /** Moves an entry off the JVM's stack into a scratch local, to let array and index go beneath it; −1 if it was not there. */
    int saveIfJvm(int fromTop, JavaType type) {
        if (!operands.isJvm(fromTop)) {
            return -1;
        }
        int local = operands.scratch(type, fromTop);
        out.store(type, local);
        return local;
    }

    /** Writes what stands beneath the value of an access: its way, the array, and where. */
    private void place(int op, int fromTop, int saved, long offset) {
        String view = view(op);
        if (byAddress) {
            out.handle(RuntimeNames.BYTES, "accessor", accessor(op));
        } else if (!view.isEmpty()) {
            out.getStatic(RuntimeNames.STATE, view, "Ljava/lang/invoke/VarHandle;");
        }
        out.variable(Opcodes.ALOAD, memoryLocal);
        if (byAddress) {
            address(fromTop, saved, offset);
        } else {
            index(fromTop, saved, offset);
        }
    }

    /** Writes the unsigned sum of the address at this entry and the offset. */
    private void address(int fromTop, int saved, long offset) {
        if (saved < 0 && operands.isConstant(fromTop)) {
            out.constant(Integer.toUnsignedLong((int) operands.constant(fromTop)) + offset);
            return;
        }
        value(fromTop, saved);
        out.op(Opcodes.I2L);
        out.constant(0xFFFF_FFFFL);
        out.op(Opcodes.LAND);
        if (offset != 0) {
            out.constant(offset);
            out.op(Opcodes.LADD);
        }
    }

    private void value(int fromTop, int saved) {
        if (saved >= 0) {
            out.variable(Opcodes.ILOAD, saved);
        } else {
            operands.loadLazy(fromTop);
        }
    }

    /** Writes the index of the address at this entry, so that the array refuses it if it is outside. */
    void index(int fromTop, int saved, long offset) {
        if (saved < 0 && operands.isConstant(fromTop)) {
            long address = Integer.toUnsignedLong((int) operands.constant(fromTop)) + offset;
            out.constant(address > Integer.MAX_VALUE ? UNREACHABLE_INDEX : (int) address);
            return;
        }
        if (offset > Integer.MAX_VALUE) {
            out.constant(UNREACHABLE_INDEX);
            return;
        }
        value(fromTop, saved);
        if (offset != 0) {
            out.constant(Integer.MAX_VALUE);
            out.callStatic("java/util/Objects", "checkIndex", "(II)I");
            out.constant((int) offset);
            out.op(Opcodes.IADD);
        }
    }

    private static String view(int op) {
        return switch (op) {
            case 0x28, 0x34, 0x35, 0x36, 0x3E -> "INTS";
            case 0x29, 0x37 -> "LONGS";
            case 0x2A, 0x38 -> "FLOATS";
            case 0x2B, 0x39 -> "DOUBLES";
            default -> NumericOps.accessWidth(op) == 0 ? "" : "SHORTS";
        };
    }

    private void read(int op, int width) {
        if (byAddress) {
            out.callVirtual("java/lang/invoke/MethodHandle", "invokeExact", "([BJ)" + element(op));
        } else if (width == 0) {
            out.op(Opcodes.BALOAD);
        } else {
            out.callVirtual("java/lang/invoke/VarHandle", "get", "([BI)" + element(op));
        }
        switch (op) {
            case 0x2D, 0x31 -> mask(0xFF);
            case 0x2F, 0x33 -> mask(0xFFFF);
            default -> {}
        }
        if (op >= 0x30 && op <= 0x35) {
            out.op(Opcodes.I2L);
        }
        if (op == 0x35) {
            out.constant(0xFFFF_FFFFL);
            out.op(Opcodes.LAND);
        }
    }

    private void mask(int bits) {
        out.constant(bits);
        out.op(Opcodes.IAND);
    }

    private void write(int op) {
        if (op == 0x3C || op == 0x3D || op == 0x3E) {
            out.op(Opcodes.L2I);
        }
        int width = NumericOps.accessWidth(op);
        if (width == 1) {
            out.op(Opcodes.I2S);
        }
        if (byAddress) {
            if (width == 0) {
                out.op(Opcodes.I2B);
            }
            out.callVirtual("java/lang/invoke/MethodHandle", "invokeExact", "([BJ" + element(op) + ")V");
        } else if (width == 0) {
            out.op(Opcodes.BASTORE);
        } else {
            out.callVirtual("java/lang/invoke/VarHandle", "set", "([BI" + element(op) + ")V");
        }
    }

    private static String accessor(int op) {
        String kind = switch (element(op)) {
            case "B" -> "Byte";
            case "S" -> "Short";
            case "I" -> "Int";
            case "J" -> "Long";
            case "F" -> "Float";
            default -> "Double";
        };
        return (op >= Op.FIRST_STORE ? "put" : "get") + kind;
    }

    private static String element(int op) {
        return switch (view(op)) {
            case "" -> "B";
            case "INTS" -> "I";
            case "LONGS" -> "J";
            case "FLOATS" -> "F";
            case "DOUBLES" -> "D";
            default -> "S";
        };
    }

    /** Reads the array anew: after anything that may have grown the memory. */
    void reload(int stateLocal) {
        out.variable(Opcodes.ALOAD, stateLocal);
        out.getField(RuntimeNames.STATE, "memory", "[B");
        out.variable(Opcodes.ASTORE, memoryLocal);
    }
}

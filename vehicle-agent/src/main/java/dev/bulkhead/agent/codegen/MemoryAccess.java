package dev.bulkhead.agent.codegen;

import dev.bulkhead.agent.wasm.NumericOps;
import dev.bulkhead.agent.wasm.Op;
import org.objectweb.asm.Opcodes;

/**
 * Loads and stores on the memory's array. The array's own bounds check decides: its length is the memory's size. An address of 2³¹ or more is a
 * negative {@code int} and fails by itself; where an offset is added it is checked first, because the sum could come round to a small
 * number. Offsets of 2³¹ or more always trap.
 */
final class MemoryAccess {
    private static final int UNREACHABLE_INDEX = -1;

    private final Bytecode out;
    private final Operands operands;
    private final int memoryLocal;

    MemoryAccess(Bytecode out, Operands operands, int memoryLocal) {
        this.out = out;
        this.operands = operands;
        this.memoryLocal = memoryLocal;
    }

    void load(int op, long offset) {
        int width = NumericOps.accessWidth(op);
        JavaType type = JavaType.of(NumericOps.accessType(op));
        int saved = saveIfJvm(0, JavaType.INT);
        array(op);
        index(0, saved, offset);
        operands.forget(1);
        read(op, width);
        operands.pushJvm(type);
    }

    void store(int op, long offset) {
        JavaType type = JavaType.of(NumericOps.accessType(op));
        int savedValue = saveIfJvm(0, type);
        int savedAddress = saveIfJvm(1, JavaType.INT);
        array(op);
        index(1, savedAddress, offset);
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

    private void array(int op) {
        String view = view(op);
        if (!view.isEmpty()) {
            out.getStatic(RuntimeNames.STATE, view, "Ljava/lang/invoke/VarHandle;");
        }
        out.variable(Opcodes.ALOAD, memoryLocal);
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
        if (saved >= 0) {
            out.variable(Opcodes.ILOAD, saved);
        } else {
            operands.loadLazy(fromTop);
        }
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
        if (width == 0) {
            out.op(Opcodes.BALOAD);
        } else {
            out.callVirtual("java/lang/invoke/VarHandle", "get", "([BI)" + viewType(op));
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
        if (NumericOps.accessWidth(op) == 0) {
            out.op(Opcodes.BASTORE);
            return;
        }
        if (NumericOps.accessWidth(op) == 1) {
            out.op(Opcodes.I2S);
        }
        out.callVirtual("java/lang/invoke/VarHandle", "set", "([BI" + viewType(op) + ")V");
    }

    private static String viewType(int op) {
        return switch (view(op)) {
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

    /** Bulk instructions: operands on the JVM's stack, then the state and the numbers of segments or tables. */
    static String bulkMethod(int op) {
        return switch (op) {
            case Op.MEMORY_INIT -> "memoryInit";
            case Op.DATA_DROP -> "dataDrop";
            case Op.MEMORY_COPY -> "memoryCopy";
            case Op.MEMORY_FILL -> "memoryFill";
            case Op.TABLE_INIT -> "tableInit";
            case Op.ELEM_DROP -> "elementDrop";
            case Op.TABLE_COPY -> "tableCopy";
            case Op.TABLE_GROW -> "tableGrow";
            case Op.TABLE_SIZE -> "tableSize";
            case Op.TABLE_FILL -> "tableFill";
            case Op.TABLE_GET -> "tableGet";
            case Op.TABLE_SET -> "tableSet";
            case Op.MEMORY_SIZE -> "memorySize";
            case Op.MEMORY_GROW -> "memoryGrow";
            default -> throw new IllegalArgumentException("opcode " + op);
        };
    }
}

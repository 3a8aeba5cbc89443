package dev.bulkhead.agent.codegen;

import dev.bulkhead.agent.wasm.Code;
import dev.bulkhead.agent.wasm.Op;
import org.objectweb.asm.Opcodes;

/** Writes what the runtime does as a whole: bulk memory operations, size and growth, everything on tables. */
final class BulkOperations {
    private final MethodParts parts;
    private final Code code;
    private final Bytecode out;
    private final Operands operands;
    private final MethodFrame frame;
    private final Fuel fuel;

    BulkOperations(MethodParts parts) {
        this.parts = parts;
        this.code = parts.code();
        this.out = parts.out();
        this.operands = parts.operands();
        this.frame = parts.frame();
        this.fuel = parts.fuel();
    }

    /** Whether this class writes the opcode. */
    static boolean isBulk(int op) {
        return op >= Op.MEMORY_INIT
                || op == Op.TABLE_GET
                || op == Op.TABLE_SET
                || op == Op.MEMORY_SIZE
                || op == Op.MEMORY_GROW;
    }

    void write(int op, int i) {
        String arguments = switch (op) {
            case Op.MEMORY_INIT, Op.MEMORY_COPY, Op.MEMORY_FILL, Op.TABLE_INIT, Op.TABLE_COPY, Op.TABLE_FILL -> "III";
            case Op.TABLE_GROW, Op.TABLE_SET -> "II";
            case Op.TABLE_GET, Op.MEMORY_GROW -> "I";
            default -> "";
        };
        String numbers = switch (op) {
            case Op.MEMORY_COPY, Op.MEMORY_FILL, Op.MEMORY_SIZE, Op.MEMORY_GROW -> "";
            case Op.TABLE_INIT, Op.TABLE_COPY -> "II";
            default -> "I";
        };
        boolean gives = op == Op.TABLE_GROW
                || op == Op.TABLE_SIZE
                || op == Op.TABLE_GET
                || op == Op.MEMORY_SIZE
                || op == Op.MEMORY_GROW;
        operands.materialize(arguments.length());
        operands.forget(arguments.length());
        fuel.giveBack();
        out.variable(Opcodes.ALOAD, frame.state());
        if (!numbers.isEmpty()) {
            out.constant(code.a(i));
        }
        if (numbers.length() == 2) {
            out.constant(code.b(i));
        }
        out.callStatic(
                RuntimeNames.STATE,
                method(op),
                "(" + arguments + RuntimeNames.of(RuntimeNames.STATE) + numbers + ")" + (gives ? "I" : "V"));
        fuel.take();
        if (gives) {
            operands.pushJvm(JavaType.INT);
        }
        if (op == Op.MEMORY_GROW) {
            parts.reload();
        }
    }

    /** Bulk instructions: operands on the JVM's stack, then the state and the numbers of segments or tables. */
    private static String method(int op) {
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

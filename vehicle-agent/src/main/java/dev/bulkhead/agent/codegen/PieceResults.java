package dev.bulkhead.agent.codegen;

import dev.bulkhead.agent.wasm.Code;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.objectweb.asm.Opcodes;

/**
 * How a piece whose locals pass as parameters gives back the number of the way it took, if there are several, and the locals it changed: the first two
 * numbers of 32 bits in what the method returns, the others by way of the state's transfer arrays.
 */
final class PieceResults {
    private static final int MOST_RETURNED = 2;

    private final boolean way;
    private final List<Integer> returned = new ArrayList<>();
    private final List<Integer> transferred = new ArrayList<>();
    private final Bytecode out;
    private final Operands operands;
    private final Calls calls;

    PieceResults(Code code, Piece.Passed passed, Bytecode out, Operands operands, Calls calls) {
        this.way = passed.ways() > 1;
        this.out = out;
        this.operands = operands;
        this.calls = calls;
        for (int local : passed.outputs()) {
            boolean fits = JavaType.of(code.local(local)) == JavaType.INT && count() < MOST_RETURNED;
            (fits ? returned : transferred).add(local);
        }
    }

    private int count() {
        return returned.size() + (way ? 1 : 0);
    }

    /** Whether the piece says which way it took. */
    boolean way() {
        return way;
    }

    /** Where in the transfer array what a label takes begins. */
    int values() {
        return transferred.size();
    }

    String descriptor() {
        return switch (count()) {
            case 0 -> "V";
            case 1 -> "I";
            default -> "J";
        };
    }

    /** Ends the method; the way, if any, lies on the JVM's stack. */
    void give() {
        for (int k = 0; k < transferred.size(); k++) {
            calls.localToTransfer(transferred.get(k), k);
        }
        List<Consumer<Bytecode>> numbers = new ArrayList<>();
        if (way) {
            int taken = operands.scratch(JavaType.INT, 1);
            if (count() == MOST_RETURNED) {
                out.variable(Opcodes.ISTORE, taken);
                numbers.add(code -> code.variable(Opcodes.ILOAD, taken));
            }
        }
        returned.forEach(local -> numbers.add(code -> operands.loadLocal(local)));
        switch (count()) {
            case 0 -> out.op(Opcodes.RETURN);
            case 1 -> {
                numbers.forEach(number -> number.accept(out));
                out.op(Opcodes.IRETURN);
            }
            default -> {
                numbers.getFirst().accept(out);
                out.op(Opcodes.I2L);
                out.constant(0xFFFF_FFFFL);
                out.op(Opcodes.LAND);
                numbers.getLast().accept(out);
                out.op(Opcodes.I2L);
                out.constant(32);
                out.op(Opcodes.LSHL);
                out.op(Opcodes.LOR);
                out.op(Opcodes.LRETURN);
            }
        }
    }

    /** Behind the call: puts all where it belongs, the way in the JVM local {@code taken}. */
    void take(int taken) {
        List<Runnable> numbers = new ArrayList<>();
        if (way) {
            numbers.add(() -> out.variable(Opcodes.ISTORE, taken));
        }
        returned.forEach(local -> numbers.add(() -> operands.storeLocal(local)));
        if (count() == 1) {
            numbers.getFirst().run();
        } else if (count() == MOST_RETURNED) {
            out.op(Opcodes.DUP2);
            out.op(Opcodes.L2I);
            numbers.getFirst().run();
            out.constant(32);
            out.op(Opcodes.LUSHR);
            out.op(Opcodes.L2I);
            numbers.getLast().run();
        }
        for (int k = 0; k < transferred.size(); k++) {
            calls.localFromTransfer(transferred.get(k), k);
        }
    }
}

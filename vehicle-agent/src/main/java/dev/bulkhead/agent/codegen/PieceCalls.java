package dev.bulkhead.agent.codegen;

import dev.bulkhead.agent.wasm.Code;
import dev.bulkhead.agent.wasm.Op;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Label;
import org.objectweb.asm.Opcodes;

/**
 * Writes the calls of pieces, and the pieces where they are called, because only there the types of the operands are known. A piece gives back the number
 * of the way out it took; what it leaves stands in the spill.
 */
final class PieceCalls {
    /** The number that says that control goes on behind the piece. */
    static final int ON = 0;

    private final MethodParts parts;
    private final Code code;
    private final Bytecode out;
    private final Operands operands;
    private final MethodFrame frame;
    private final OpenBlocks blocks;
    private final Fuel fuel;
    private final List<Piece> pieces;

    PieceCalls(MethodParts parts, OpenBlocks blocks) {
        this.parts = parts;
        this.code = parts.code();
        this.out = parts.out();
        this.operands = parts.operands();
        this.frame = parts.frame();
        this.blocks = blocks;
        this.fuel = parts.fuel();
        this.pieces = pieces(parts);
    }

    private static List<Piece> pieces(MethodParts parts) {
        Scope scope = parts.scope();
        if (scope.piece() != null) {
            return scope.piece().pieces();
        }
        Splits.Split split = scope.second() ? null : parts.plan().split(scope.region());
        return split == null ? List.of() : split.pieces();
    }

    /** The piece that starts with this instruction, if there is one. */
    @Nullable
    Piece at(int start) {
        int low = 0;
        int high = pieces.size() - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            int found = pieces.get(middle).start();
            if (found == start) {
                return pieces.get(middle);
            }
            low = found < start ? middle + 1 : low;
            high = found < start ? high : middle - 1;
        }
        return null;
    }

    /** Locals that a piece uses, its inner loops too. */
    static SortedSet<Integer> touched(Code code, Piece piece) {
        return locals(code, piece, true);
    }

    /** Locals that a piece sets. */
    static SortedSet<Integer> written(Code code, Piece piece) {
        return locals(code, piece, false);
    }

    private static SortedSet<Integer> locals(Code code, Piece piece, boolean read) {
        SortedSet<Integer> locals = new TreeSet<>();
        for (int i = piece.start(); i < piece.end(); i++) {
            int op = code.op(i);
            if (op == Op.LOCAL_SET || op == Op.LOCAL_TEE || (read && op == Op.LOCAL_GET)) {
                locals.add(code.a(i));
            }
        }
        return locals;
    }

    /** Calls the piece and goes where it says; whether control can go on behind it. */
    boolean call(Piece piece) {
        return piece.passed() == null ? callSpilled(piece) : callPassed(piece, piece.passed());
    }

    private String descriptor(List<Integer> inputs, String result) {
        StringBuilder text = new StringBuilder("(");
        for (int local : inputs) {
            text.append(JavaType.of(code.local(local)).passed());
        }
        return text.append(RuntimeNames.of(RuntimeNames.INSTANCE))
                .append(frame.stack() >= 0 ? "I" : "")
                .append(frame.spill() >= 0 ? "[J" : "")
                .append(frame.exceptions() >= 0 ? "[" + RuntimeNames.of(RuntimeNames.EXCEPTION) : "")
                .append(')')
                .append(result)
                .toString();
    }

    private PieceWays write(Piece piece, String descriptor, PieceClasses.Place place) {
        return FunctionWriter.writePiece(
                MethodParts.of(
                        parts.shape(),
                        parts.pieces(),
                        code,
                        parts.plan(),
                        parts.scope().piece(piece),
                        parts.costs(),
                        place.open(descriptor)),
                blocks,
                operands.entries());
    }

    private void call(PieceClasses.Place place, String descriptor) {
        out.variable(Opcodes.ALOAD, frame.state());
        if (frame.stack() >= 0) {
            out.variable(Opcodes.ILOAD, frame.stack());
        }
        if (frame.spill() >= 0) {
            out.variable(Opcodes.ALOAD, frame.spill());
        }
        if (frame.exceptions() >= 0) {
            out.variable(Opcodes.ALOAD, frame.exceptions());
        }
        out.callStatic(place.owner(), place.method(), descriptor);
    }

    private boolean callPassed(Piece piece, Piece.Passed passed) {
        operands.settle(0);
        PieceResults results = new PieceResults(code, passed, out, operands, parts.calls());
        String descriptor = descriptor(passed.inputs(), results.descriptor());
        PieceClasses.Place place = parts.pieces().next(code.function(), piece);
        PieceWays ways = write(piece, descriptor, place);
        passed.inputs().forEach(operands::pushLocal);
        operands.pass(passed.inputs().size());
        operands.forget(passed.inputs().size());
        boolean charges = charges(piece);
        if (charges) {
            fuel.giveBack();
        }
        call(place, descriptor);
        int way = operands.scratch(JavaType.INT, 1);
        results.take(way);
        if (charges) {
            fuel.take();
            parts.reload();
        }
        goOnFromTransfer(ways, results, way);
        return ways.on();
    }

    /** Whether the piece may use fuel, or do what gives the memory another array. */
    private boolean charges(Piece piece) {
        for (int i = piece.start(); i < piece.end(); i++) {
            int op = code.op(i);
            boolean prepaid = op == Op.CALL && parts.shape().prepaid.contains(code.a(i));
            if (!prepaid && (Prepaid.leavesOrLasts(op) || op == Op.MEMORY_GROW)) {
                return true;
            }
        }
        return false;
    }

    private void goOnFromTransfer(PieceWays ways, PieceResults results, int way) {
        Operands.State before = operands.save();
        List<Integer> exits = ways.exits();
        for (int k = 0; k < exits.size(); k++) {
            Label next = new Label();
            boolean last = !ways.on() && k == exits.size() - 1;
            if (!last) {
                out.variable(Opcodes.ILOAD, way);
                out.constant(k + 1);
                out.jump(Opcodes.IF_ICMPNE, next);
            }
            blocks.leaveFromTransfer(exits.get(k), results.values());
            operands.restore(before);
            if (!last) {
                out.label(next);
                operands.frameWith(way);
            }
        }
    }

    private boolean callSpilled(Piece piece) {
        operands.settle(operands.size());
        String descriptor = descriptor(List.of(), "I");
        PieceClasses.Place place = parts.pieces().next(code.function(), piece);
        PieceWays ways = write(piece, descriptor, place);
        call(place, descriptor);
        // where it leads may use the memory's array
        int way = operands.scratch(JavaType.INT, 1);
        if (frame.memory() >= 0) {
            out.variable(Opcodes.ISTORE, way);
            parts.reload();
            out.variable(Opcodes.ILOAD, way);
        }
        goOn(ways);
        return ways.on();
    }

    private void goOn(PieceWays ways) {
        Label on = new Label();
        Operands.State before = operands.save();
        int count = ways.exits().size();
        if (count == 0) {
            out.op(Opcodes.POP);
        } else if (count == 1) {
            out.jump(Opcodes.IFEQ, on);
        } else {
            Label[] labels = new Label[count];
            for (int k = 0; k < count; k++) {
                labels[k] = new Label();
            }
            out.tableSwitch(1, count, on, labels);
            for (int k = 1; k < count; k++) {
                out.label(labels[k]);
                leave(ways, k, before);
            }
            out.label(labels[0]);
        }
        if (count > 0) {
            leave(ways, 0, before);
            out.label(on);
        }
        if (ways.on()) {
            operands.inSpill(ways.operands());
        } else {
            operands.restore(before);
        }
        if (count > 0) {
            operands.frame();
        }
        if (!ways.on()) {
            parts.trap("unreachable");
        }
    }

    private void leave(PieceWays ways, int exit, Operands.State before) {
        int block = ways.exits().get(exit);
        operands.restore(before);
        operands.setSize(0);
        operands.frame();
        if (block == PieceWays.TAIL_CALL) {
            blocks.leaveForTailCall();
        } else {
            blocks.leaveFromSpill(block);
        }
    }
}

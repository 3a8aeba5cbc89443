package dev.bulkhead.agent.codegen;

import dev.bulkhead.agent.wasm.Code;
import dev.bulkhead.agent.wasm.FuncType;
import dev.bulkhead.agent.wasm.Op;
import dev.bulkhead.agent.wasm.ValType;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Label;
import org.objectweb.asm.Opcodes;

/** The blocks open at the place that is being written, and the ways out of them. */
final class OpenBlocks {
    private final Code code;
    private final @Nullable Region region;
    private final OutlinePlan plan;
    private final long[] costs;
    private final Bytecode out;
    private final Operands operands;
    private final Calls calls;
    private final Fuel fuel;
    private final List<Block> blocks = new ArrayList<>();
    private final @Nullable Piece piece;
    private final TailCalls tails;
    private final PieceWays ways = new PieceWays();
    /** Where a piece that keeps locals to itself puts them back; the number of the way out lies on the JVM's stack. */
    private final Label putBack = new Label();

    OpenBlocks(MethodParts parts) {
        this.code = parts.code();
        this.region = parts.scope().region();
        this.plan = parts.plan();
        this.costs = parts.costs();
        this.out = parts.out();
        this.operands = parts.operands();
        this.calls = parts.calls();
        this.fuel = parts.fuel();
        this.piece = parts.scope().piece();
        this.tails = new TailCalls(parts);
    }

    /** Opens what is open where a piece is called. */
    void openAroundPiece(OpenBlocks caller) {
        for (Block block : caller.blocks) {
            blocks.add(new Block(block.op, block.type, block.height, block.opener, true));
        }
    }

    /** Whether what is thrown here may be caught in this function. */
    boolean insideTry() {
        return blocks.stream().anyMatch(block -> block.op == Op.TRY_TABLE);
    }

    PieceWays ways() {
        return ways;
    }

    Label putBack() {
        return putBack;
    }

    /** Ends a piece: the number of a way out, after what the way takes along stands in the spill. */
    void leavePiece(int way) {
        fuel.giveBack();
        if (piece == null || piece.passed() == null || piece.passed().ways() > 1) {
            out.constant(way);
        }
        if (piece != null && piece.leaf()) {
            out.jump(Opcodes.GOTO, putBack);
        } else {
            out.op(Opcodes.IRETURN);
        }
    }

    /** Goes where a piece that was called wants to, with what it left in the spill. */
    void leaveFromSpill(int index) {
        Block block = blocks.get(index);
        operands.setSize(block.height);
        operands.pushSlots(block.labelTypes());
        leave(block);
    }

    /** Ends the method: whoever runs the function calls what the state's tail call asks for. */
    void leaveForTailCall() {
        if (piece == null) {
            tails.leave(code.type());
        } else {
            leavePiece(ways.exitTo(PieceWays.TAIL_CALL));
        }
    }

    /** Opens the function itself: its label is a return. */
    void openFunction() {
        blocks.add(new Block(Op.BLOCK, new FuncType(List.of(), code.type().results()), 0, -1, true));
    }

    /** Opens what is open at the root of a region, in another method than the region's. */
    void openAround(Region root) {
        openFunction();
        for (int i = 0; i < root.start(); i++) {
            switch (code.op(i)) {
                case Op.BLOCK, Op.LOOP, Op.IF, Op.TRY_TABLE ->
                    blocks.add(new Block(code.op(i), code.blockType(code.b(i)), 0, i, true));
                case Op.END -> blocks.removeLast();
                default -> {}
            }
        }
    }

    /** Opens a block whose parameters are the top entries. */
    Block push(int op, int i) {
        return push(op, i, false);
    }

    /** Opens the loop of a region's second version: its label leads out of the method. */
    Block pushOutside(int i) {
        return push(Op.LOOP, i, true);
    }

    private Block push(int op, int i, boolean outside) {
        FuncType type = code.blockType(code.b(i));
        operands.settle(type.params().size());
        Block block = new Block(op, type, operands.size() - type.params().size(), i, outside);
        blocks.add(block);
        return block;
    }

    /** The block that a label means, 0 for the innermost. */
    Block at(int label) {
        return blocks.get(blocks.size() - 1 - label);
    }

    /** The block at a depth, 0 for the function. */
    Block atDepth(int depth) {
        return blocks.get(depth);
    }

    Block innermost() {
        return blocks.getLast();
    }

    Block close() {
        return blocks.removeLast();
    }

    /** Jumps to a block's label, or returns; the JVM's stack must hold nothing but top entries that the label takes. */
    void leave(Block block) {
        if (piece != null && block.outside) {
            if (piece.passed() == null) {
                operands.putBack(block.labelTypes().size(), block.height);
            } else {
                handOver(block.labelTypes(), new PieceResults(code, piece.passed(), out, operands, calls).values());
                operands.dropJvm();
            }
            leavePiece(ways.exitTo(blocks.indexOf(block)));
            return;
        }
        if (region != null && block.outside && block.opener == region.start()) {
            // the second version of a loop ends with the turn; the charge is made again where it is called again
            fuel.deduct(costs[block.opener]);
            giveBack(Region.Exit.AGAIN, List.of());
            return;
        }
        if (block.outside) {
            giveBack(blocks.indexOf(block), block.labelTypes());
            return;
        }
        int arity = block.labelTypes().size();
        if (!operands.inPlace(arity, block.height)) {
            operands.moveDown(arity, block.height);
        }
        operands.dropJvm();
        out.jump(Opcodes.GOTO, block.target());
    }

    /** Moves the top entries to the transfer array, from this place on. */
    private void handOver(List<ValType> values, int place) {
        operands.materialize(values.size());
        for (int i = values.size() - 1; i >= 0; i--) {
            calls.toTransfer(JavaType.of(values.get(i)), place + i);
        }
        operands.forget(values.size());
    }

    /** Goes where a piece that was called wants to, with what it handed over from this place of the transfer array on. */
    void leaveFromTransfer(int index, int place) {
        Block block = blocks.get(index);
        for (int i = 0; i < block.labelTypes().size(); i++) {
            JavaType type = JavaType.of(block.labelTypes().get(i));
            calls.fromTransfer(type, place + i);
            operands.pushJvm(type);
        }
        leave(block);
    }

    /** Ends the method: a function with its results, a region with its outputs, what the label takes, and the exit's number. */
    void giveBack(int block, List<ValType> values) {
        if (region == null) {
            calls.giveBack(code.type());
            return;
        }
        int outputs = region.outputs().size();
        handOver(values, outputs);
        for (int k = 0; k < outputs; k++) {
            int local = region.outputs().get(k);
            if (block != Region.Exit.AGAIN || plan.live(region, local)) {
                calls.localToTransfer(local, k);
            }
        }
        fuel.giveBack();
        out.constant(region.exitTo(block));
        out.op(Opcodes.IRETURN);
    }
}

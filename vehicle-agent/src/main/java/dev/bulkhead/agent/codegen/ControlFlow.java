package dev.bulkhead.agent.codegen;

import dev.bulkhead.agent.wasm.Code;
import dev.bulkhead.agent.wasm.FuncType;
import dev.bulkhead.agent.wasm.Op;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Label;
import org.objectweb.asm.Opcodes;

/** Writes structured control: blocks, loops, branches, and the calls among them. */
final class ControlFlow {
    private final MethodParts parts;
    private final ModuleShape shape;
    private final Code code;
    private final @Nullable Region region;
    private final boolean second;
    private final SecondVersions seconds;
    private final Bytecode out;
    private final Operands operands;
    private final Calls calls;
    private final Fuel fuel;
    private final OutlinePlan plan;
    private final OpenBlocks blocks;
    private final Conditions conditions;
    private final Branches branches;
    private final RegionCalls regions;
    private final PieceCalls pieces;
    private final TailCalls tails;
    private final Exceptions exceptions;
    private final long[] costs;
    /** Nothing comes to the place that is being written. */
    private boolean dead;

    ControlFlow(
            MethodParts parts,
            SecondVersions seconds,
            OpenBlocks blocks,
            Conditions conditions,
            Branches branches,
            RegionCalls regions,
            PieceCalls pieces,
            Exceptions exceptions) {
        this.parts = parts;
        this.shape = parts.shape();
        this.code = parts.code();
        this.region = parts.scope().region();
        this.second = parts.scope().second();
        this.seconds = seconds;
        this.out = parts.out();
        this.operands = parts.operands();
        this.pieces = pieces;
        this.tails = new TailCalls(parts);
        this.calls = parts.calls();
        this.fuel = parts.fuel();
        this.plan = parts.plan();
        this.costs = parts.costs();
        this.blocks = blocks;
        this.conditions = conditions;
        this.branches = branches;
        this.regions = regions;
        this.exceptions = exceptions;
    }

    void write(int op, int i) {
        switch (op) {
            case Op.NOP -> {}
            case Op.UNREACHABLE -> parts.trap("unreachable");
            case Op.BLOCK, Op.TRY_TABLE -> open(op, i);
            case Op.IF -> openIf(-1, true, i);
            case Op.ELSE -> otherwise();
            case Op.END -> close();
            case Op.BR -> blocks.leave(blocks.at(code.a(i)));
            case Op.BR_IF -> branches.onCondition(-1, true, code.a(i));
            case Op.BR_TABLE -> branches.byTable(i);
            case Op.RETURN -> blocks.leave(blocks.atDepth(0));
            case Op.CALL -> call(i);
            case Op.CALL_INDIRECT -> {
                FuncType type = shape.module.types().get(code.a(i));
                calls.indirect(type, code.b(i), inLine(i));
                parts.reload();
            }
            case Op.ENTER -> enter(i);
            case Op.LEAVE -> out.line(code.function());
            case Op.CHARGE -> fuel.deduct(costs[i]);
            case Op.THROW -> exceptions.raise(code.a(i));
            case Op.THROW_REF -> exceptions.raiseAgain();
            case Op.RETURN_CALL -> {
                tails.direct(code.a(i));
                blocks.leaveForTailCall();
            }
            case Op.RETURN_CALL_INDIRECT -> {
                tails.indirect(shape.module.types().get(code.a(i)), code.b(i));
                blocks.leaveForTailCall();
            }
            default -> throw new IllegalArgumentException("opcode " + op);
        }
        if (Op.endsFlow(op)) {
            dead = true;
        }
    }

    private void call(int i) {
        if (code.a(i) == code.function() && shape.handsMemoryOn(code)) {
            calls.withMemory(code.a(i), inLine(i));
        } else {
            calls.direct(code.a(i), inLine(i));
        }
        if (code.b(i) == 0) {
            parts.reload();
        }
    }

    /** How many calls of the function itself are in line around a call. */
    private int inLine(int i) {
        return Math.toIntExact(code.imm(i));
    }

    /**
     * What a call in line has of a call. The fuel is taken without a look, which costs more than all else here: the next look, at a loop or a real call, finds
     * it gone.
     */
    private void enter(int i) {
        if (inLine(i) > 0) {
            parts.checkStack(inLine(i));
            fuel.deduct(costs[i]);
        } else {
            out.line(code.a(i));
        }
    }

    /** Calls the piece that starts here, if one does; gives the index of the next instruction, or −1. */
    int piece(int i) {
        Piece piece = pieces.at(i);
        if (piece == null) {
            return -1;
        }
        dead = !pieces.call(piece);
        return piece.end();
    }

    /** Whether nothing comes to the place that is being written. */
    boolean dead() {
        return dead;
    }

    /** Gives the index of the next instruction: a loop that is called is passed over. */
    int loop(int i) {
        Region loop = plan.at(i);
        boolean own = loop != null && region != null && loop.is(region);
        if (loop != null && !own && (second || plan.callsLoops(region))) {
            regions.call(loop);
            return loop.end() + 1;
        }
        if (own && second) {
            blocks.pushOutside(i);
            return i + 1;
        }
        Block block = blocks.push(Op.LOOP, i);
        switch (shape.form) {
            case METERED -> meteredHead(block, i, own);
            case PLAIN -> {
                head(block);
                fuel.charge(costs[i], operands, fuel::refuel);
            }
            case UNMETERED -> {
                head(block);
                if (own) {
                    regions.returnToBeCalledAgain();
                }
            }
        }
        return i + 1;
    }

    private void head(Block block) {
        out.label(block.start);
        operands.frame();
    }

    /**
     * The first turn is charged before the head, further ones at the loop's end: the JIT takes a loop whose last test is on the fuel for one that counts,
     * unrolls it with one test for several turns, and leaves out its safepoints.
     */
    private void meteredHead(Block block, int i, boolean own) {
        Runnable exhausted;
        if (own) {
            exhausted = () -> blocks.giveBack(Region.Exit.AGAIN, List.of());
        } else if (seconds.leavesAt(i)) {
            exhausted = () -> seconds.leave(i);
        } else {
            exhausted = () -> {
                fuel.refuel();
                out.jump(Opcodes.GOTO, block.start);
            };
        }
        block.latch = new Block.Latch(new Label(), new Label(), costs[i], exhausted);
        fuel.deductAndJump(costs[i], Opcodes.IFLT, block.latch.out());
        head(block);
    }

    /** At the loop's end; nothing falls through to here. */
    private void meteredEnd(Block block, Block.Latch latch) {
        operands.enterLatch(block.height, block.type);
        out.label(latch.turn());
        operands.frame();
        fuel.deductAndJump(latch.cost(), Opcodes.IFGE, block.start);
        out.label(latch.out());
        operands.frame();
        latch.exhausted().run();
    }

    /** Opens an if; {@code op} is the comparison before it, or −1 for a plain condition. */
    void openIf(int op, boolean sense, int i) {
        boolean object = conditions.objectOnTop();
        int count = op < 0 ? 1 : Comparisons.operands(op);
        conditions.alone(count);
        // storing what lies beneath does not disturb the condition on the JVM's stack
        Block block = blocks.push(Op.IF, i);
        conditions.jumpIf(op, !sense, object, block.start);
    }

    private void open(int op, int i) {
        Block block = blocks.push(op, i);
        if (op == Op.TRY_TABLE) {
            out.label(block.start);
        }
    }

    private void otherwise() {
        Block block = blocks.innermost();
        if (!dead) {
            operands.settle(block.type.results().size());
            out.jump(Opcodes.GOTO, block.end);
        }
        dead = false;
        block.elseSeen = true;
        out.label(block.start);
        operands.enterLabel(block.height, block.type, true);
    }

    private void close() {
        Block block = blocks.innermost();
        if (block.opener < 0 || (region != null && block.opener == region.start())) {
            if (!dead) {
                blocks.giveBack(block.opener < 0 ? 0 : Region.Exit.FALL_THROUGH, block.type.results());
            }
            if (block.latch != null) {
                meteredEnd(block, block.latch);
            }
            blocks.close();
            return;
        }
        if (!dead) {
            operands.settle(block.type.results().size());
        }
        if (block.latch != null) {
            if (!dead) {
                out.jump(Opcodes.GOTO, block.end);
            }
            meteredEnd(block, block.latch);
        }
        blocks.close();
        if (block.op == Op.TRY_TABLE) {
            exceptions.handlers(block, dead);
        }
        if (block.op == Op.IF && !block.elseSeen) {
            out.label(block.start);
        }
        out.label(block.end);
        operands.enterLabel(block.height, block.type, false);
        dead = false;
    }
}

package dev.bulkhead.agent.codegen;

import dev.bulkhead.agent.wasm.Code;
import dev.bulkhead.agent.wasm.FuncType;
import dev.bulkhead.agent.wasm.Op;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Opcodes;

/** Writes structured control: blocks, loops, branches, and the calls among them. */
final class ControlFlow {
    private final MethodParts parts;
    private final ModuleShape shape;
    private final Code code;
    private final @Nullable Region region;
    private final Bytecode out;
    private final Operands operands;
    private final MethodFrame frame;
    private final Calls calls;
    private final Fuel fuel;
    private final OutlinePlan plan;
    private final OpenBlocks blocks;
    private final Conditions conditions;
    private final Branches branches;
    private final RegionCalls regions;
    private final Exceptions exceptions;
    private final long[] costs;
    /** Nothing comes to the place that is being written. */
    private boolean dead;

    ControlFlow(
            MethodParts parts,
            OutlinePlan plan,
            long[] costs,
            OpenBlocks blocks,
            Conditions conditions,
            Branches branches,
            RegionCalls regions,
            Exceptions exceptions) {
        this.parts = parts;
        this.shape = parts.shape();
        this.code = parts.code();
        this.region = parts.region();
        this.out = parts.out();
        this.operands = parts.operands();
        this.frame = parts.frame();
        this.calls = parts.calls();
        this.fuel = parts.fuel();
        this.plan = plan;
        this.costs = costs;
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
            case Op.CALL -> {
                calls.direct(code.a(i));
                parts.reloadIf(shape.graph.grows(code.a(i)));
            }
            case Op.CALL_INDIRECT -> {
                FuncType type = shape.module.types().get(code.a(i));
                calls.indirect(type, code.b(i));
                parts.reloadIf(shape.graph.grows(type));
            }
            case Op.THROW -> exceptions.raise(code.a(i));
            case Op.THROW_REF -> exceptions.raiseAgain();
            case Op.RETURN_CALL -> {
                new TailCalls(out, operands, shape, frame, fuel, calls).direct(code.a(i), code.type());
            }
            case Op.RETURN_CALL_INDIRECT -> {
                FuncType type = shape.module.types().get(code.a(i));
                new TailCalls(out, operands, shape, frame, fuel, calls).indirect(type, code.b(i), code.type());
            }
            default -> throw new IllegalArgumentException("opcode " + op);
        }
        if (Op.endsFlow(op)) {
            dead = true;
        }
    }

    /** Gives the index of the next instruction: a loop that has a method of its own is called, and passed over. */
    int loop(int i) {
        Region outlined = plan.at(i);
        if (outlined != null && !outlined.equals(region)) {
            regions.call(outlined);
            return outlined.end() + 1;
        }
        Block block = blocks.push(Op.LOOP, i);
        out.label(block.start);
        operands.frame();
        if (outlined != null) {
            regions.returnToBeCalledAgain();
        }
        fuel.charge(costs[i], operands);
        return i + 1;
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
        Block block = blocks.close();
        if (block.opener < 0 || (region != null && block.opener == region.start())) {
            if (!dead) {
                blocks.giveBack(block.opener < 0 ? 0 : Region.Exit.FALL_THROUGH, block.type.results());
            }
            return;
        }
        if (!dead) {
            operands.settle(block.type.results().size());
        }
        if (block.op == Op.TRY_TABLE) {
            exceptions.handlers(block);
        }
        if (block.op == Op.IF && !block.elseSeen) {
            out.label(block.start);
        }
        out.label(block.end);
        operands.enterLabel(block.height, block.type, false);
        dead = false;
    }
}

package dev.bulkhead.agent.codegen;

import dev.bulkhead.agent.wasm.Code;
import dev.bulkhead.agent.wasm.ValType;
import java.util.List;
import org.objectweb.asm.Label;
import org.objectweb.asm.Opcodes;

/** Writes the calls of outlined loops, and a region's return to be called again. */
final class RegionCalls {
    private final MethodParts parts;
    private final Code code;
    private final Bytecode out;
    private final Operands operands;
    private final MethodFrame frame;
    private final Calls calls;
    private final OpenBlocks blocks;
    private final Fuel fuel;
    private final SecondVersions seconds;

    RegionCalls(MethodParts parts, OpenBlocks blocks, SecondVersions seconds) {
        this.parts = parts;
        this.code = parts.code();
        this.out = parts.out();
        this.operands = parts.operands();
        this.frame = parts.frame();
        this.calls = parts.calls();
        this.blocks = blocks;
        this.fuel = parts.fuel();
        this.seconds = seconds;
    }

    /** Unmetered, at the head of the region's own loop: leaves the method now and then, so that the JVM can enter compiled code at the next call. */
    void returnToBeCalledAgain() {
        Label on = new Label();
        out.variable(Opcodes.ALOAD, frame.state());
        out.callStatic(RuntimeNames.STATE, "tiredUnmetered", "(" + RuntimeNames.of(RuntimeNames.STATE) + ")Z");
        out.jump(Opcodes.IFEQ, on);
        Operands.State before = operands.save();
        blocks.giveBack(Region.Exit.AGAIN, List.of());
        operands.restore(before);
        out.label(on);
        operands.frame();
    }

    /** Calls the region's method and goes where it says. */
    void call(Region outlined) {
        RegionResults results = new RegionResults(code, outlined);
        operands.settle(0);
        Label again = new Label();
        Label returned = new Label();
        if (parts.scope().second()) {
            out.jump(Opcodes.GOTO, again);
            seconds.entriesAt(outlined, again, returned);
        }
        out.label(again);
        operands.frame();
        calls.region(outlined, results, code.function());
        if (parts.scope().second()) {
            out.label(returned);
            operands.frame(Opcodes.INTEGER);
        }
        int exitLocal = operands.scratch(JavaType.INT, 1);
        out.variable(Opcodes.ISTORE, exitLocal);
        for (int k = 0; k < outlined.outputs().size(); k++) {
            calls.localFromTransfer(outlined.outputs().get(k), k);
        }
        parts.reload();
        Operands.State before = operands.save();
        int last = outlined.exits().size() - 1;
        for (int k = 0; k <= last; k++) {
            Label next = new Label();
            if (k < last) {
                out.variable(Opcodes.ILOAD, exitLocal);
                out.constant(k);
                out.jump(Opcodes.IF_ICMPNE, next);
            }
            if (outlined.exits().get(k).block() == Region.Exit.AGAIN) {
                fuel.refuelToRepeat(parts.costs()[outlined.start()]);
                out.jump(Opcodes.GOTO, again);
            } else {
                takeExit(outlined, results, k);
            }
            if (k < last) {
                operands.restore(before);
                out.label(next);
                operands.frameWith(exitLocal);
            }
        }
        if (outlined.exits().get(last).block() != Region.Exit.FALL_THROUGH) {
            // nothing comes here, but the code after the loop was validated as if something did
            operands.restore(before);
            operands.pushSlots(code.blockType(code.b(outlined.start())).results());
            operands.frame();
        }
    }

    private void takeExit(Region outlined, RegionResults results, int exit) {
        List<ValType> values = results.carried(exit);
        for (int i = 0; i < values.size(); i++) {
            JavaType type = JavaType.of(values.get(i));
            calls.fromTransfer(type, outlined.outputs().size() + i);
            operands.pushJvm(type);
        }
        int block = outlined.exits().get(exit).block();
        if (block != Region.Exit.FALL_THROUGH) {
            blocks.leave(blocks.atDepth(block));
        }
    }
}

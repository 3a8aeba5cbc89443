package dev.bulkhead.agent.codegen;

import dev.bulkhead.agent.wasm.Code;
import java.util.LinkedHashMap;
import java.util.Map;
import org.objectweb.asm.Label;
import org.objectweb.asm.Opcodes;

/** Writes the branches that depend on a value: {@code br_if} and {@code br_table}. */
final class Branches {
    private final Code code;
    private final Bytecode out;
    private final Operands operands;
    private final OpenBlocks blocks;
    private final Conditions conditions;

    Branches(MethodParts parts, OpenBlocks blocks, Conditions conditions) {
        this.code = parts.code();
        this.out = parts.out();
        this.operands = parts.operands();
        this.blocks = blocks;
        this.conditions = conditions;
    }

    /** {@code op} is the comparison before the branch, or −1 for a plain condition. */
    void onCondition(int op, boolean sense, int label) {
        Block block = blocks.at(label);
        boolean object = conditions.objectOnTop();
        conditions.alone(op < 0 ? 1 : Comparisons.operands(op));
        int arity = block.labelTypes().size();
        if (!block.outside && operands.inPlace(arity, block.height)) {
            conditions.jumpIf(op, sense, object, block.target());
            return;
        }
        Label on = new Label();
        conditions.jumpIf(op, !sense, object, on);
        Operands.State before = operands.save();
        blocks.leave(block);
        operands.restore(before);
        out.label(on);
        operands.frame();
    }

    void byTable(int i) {
        int count = code.b(i);
        int first = code.a(i);
        conditions.alone(1);
        Operands.State before = operands.save();
        Label[] labels = new Label[count - 1];
        Label otherwise = new Label();
        Map<Integer, Label> stubs = new LinkedHashMap<>();
        for (int k = 0; k < count; k++) {
            Block block = blocks.at(code.pool(first + k));
            boolean direct =
                    !block.outside && operands.inPlace(block.labelTypes().size(), block.height);
            Label label = direct ? block.target() : stubs.computeIfAbsent(code.pool(first + k), key -> new Label());
            if (k < count - 1) {
                labels[k] = label;
            } else {
                otherwise = label;
            }
        }
        if (count == 1) {
            out.op(Opcodes.POP);
            out.jump(Opcodes.GOTO, otherwise);
        } else {
            out.tableSwitch(0, count - 2, otherwise, labels);
        }
        stubs.forEach((label, stub) -> {
            operands.restore(before);
            out.label(stub);
            operands.frame();
            blocks.leave(blocks.at(label));
        });
    }
}

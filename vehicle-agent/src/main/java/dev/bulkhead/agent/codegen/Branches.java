package dev.bulkhead.agent.codegen;

import dev.bulkhead.agent.wasm.Code;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.objectweb.asm.Label;
import org.objectweb.asm.Opcodes;

/** Writes the branches that depend on a value: {@code br_if} and {@code br_table}. */
final class Branches {
    /** Entries of a table that becomes a switch as it is. */
    static final int LONGEST_SWITCH = 256;

    /** Of up to three bytes each, within the 65,535 a constant can have. */
    private static final int LONGEST_STRING = 20_000;

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

    /**
     * Makes the index one of a short switch: the number of its target among all of them, the default's last. The table stands in constant strings, a
     * character for each entry.
     */
    private List<Integer> lookUp(List<Integer> targets) {
        LinkedHashSet<Integer> once = new LinkedHashSet<>(targets);
        once.addLast(targets.getLast());
        List<Integer> distinct = List.copyOf(once);
        Map<Integer, Integer> numbers = new HashMap<>();
        distinct.forEach(target -> numbers.put(target, numbers.size()));
        int entries = targets.size() - 1;
        Label found = new Label();
        for (int from = 0; from < entries; from += LONGEST_STRING) {
            StringBuilder table = new StringBuilder();
            for (int target : targets.subList(from, Math.min(entries, from + LONGEST_STRING))) {
                table.append((char) (int) Objects.requireNonNull(numbers.get(target)));
            }
            Label next = new Label();
            out.op(Opcodes.DUP);
            out.constant(from + table.length());
            out.callStatic("java/lang/Integer", "compareUnsigned", "(II)I");
            out.jump(Opcodes.IFGE, next);
            out.constant(from);
            out.op(Opcodes.ISUB);
            out.mv.visitLdcInsn(table.toString());
            out.op(Opcodes.SWAP);
            out.callVirtual("java/lang/String", "charAt", "(I)C");
            out.jump(Opcodes.GOTO, found);
            out.label(next);
            operands.frame(Opcodes.INTEGER);
        }
        out.op(Opcodes.POP);
        out.constant(distinct.size() - 1);
        out.label(found);
        operands.frame(Opcodes.INTEGER);
        return distinct;
    }

    void byTable(int i) {
        int count = code.b(i);
        conditions.alone(1);
        Operands.State before = operands.save();
        List<Integer> targets = code.targets(i);
        if (count > LONGEST_SWITCH) {
            targets = lookUp(targets);
        }
        Map<Integer, Label> stubs = new LinkedHashMap<>();
        Label[] labels = targets.stream()
                .map(target -> {
                    Block block = blocks.at(target);
                    boolean direct = !block.outside
                            && operands.inPlace(block.labelTypes().size(), block.height);
                    return direct ? block.target() : stubs.computeIfAbsent(target, key -> new Label());
                })
                .toArray(Label[]::new);
        int last = labels.length - 1;
        if (last == 0) {
            out.op(Opcodes.POP);
            out.jump(Opcodes.GOTO, labels[0]);
        } else {
            out.tableSwitch(0, last - 1, labels[last], Arrays.copyOf(labels, last));
        }
        stubs.forEach((label, stub) -> {
            operands.restore(before);
            out.label(stub);
            operands.frame();
            blocks.leave(blocks.at(label));
        });
    }
}

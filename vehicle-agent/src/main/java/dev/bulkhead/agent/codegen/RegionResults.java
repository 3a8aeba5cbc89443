package dev.bulkhead.agent.codegen;

import dev.bulkhead.agent.wasm.Code;
import dev.bulkhead.agent.wasm.Op;
import dev.bulkhead.agent.wasm.ValType;
import java.util.ArrayList;
import java.util.List;

/**
 * How a region's method hands back where control goes and what it carries: the outputs, then the values the label takes, by way of the state's transfer
 * array. The method itself returns the number of the exit.
 */
final class RegionResults {
    private final Code code;
    private final Region region;
    private final List<List<ValType>> carried = new ArrayList<>();

    RegionResults(Code code, Region region) {
        this.code = code;
        this.region = region;
        List<Integer> open = new ArrayList<>();
        for (int i = 0; i < region.start(); i++) {
            switch (code.op(i)) {
                case Op.BLOCK, Op.LOOP, Op.IF, Op.TRY_TABLE -> open.add(i);
                case Op.END -> open.removeLast();
                default -> {}
            }
        }
        for (Region.Exit exit : region.exits()) {
            carried.add(types(exit, open));
        }
    }

    private List<ValType> types(Region.Exit exit, List<Integer> open) {
        if (exit.block() == Region.Exit.FALL_THROUGH) {
            return code.blockType(code.b(region.start())).results();
        }
        if (exit.block() == Region.Exit.AGAIN) {
            return List.of();
        }
        if (exit.block() == 0) {
            return code.type().results();
        }
        int opener = open.get(exit.block() - 1);
        return code.op(opener) == Op.LOOP
                ? code.blockType(code.b(opener)).params()
                : code.blockType(code.b(opener)).results();
    }

    /** Whether all that the exits carry has bits to be handed over. */
    boolean transferable() {
        return carried.stream().noneMatch(types -> types.contains(ValType.EXNREF));
    }

    /** Types of what an exit carries besides the outputs. */
    List<ValType> carried(int exit) {
        return carried.get(exit);
    }

    String descriptor(boolean deep) {
        StringBuilder text = new StringBuilder("(");
        for (int local : region.inputs()) {
            text.append(JavaType.of(code.local(local)).passed());
        }
        return text.append(RuntimeNames.of(RuntimeNames.INSTANCE))
                .append(deep ? "I)" : ")")
                .append('I')
                .toString();
    }
}

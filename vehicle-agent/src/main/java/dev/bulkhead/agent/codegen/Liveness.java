package dev.bulkhead.agent.codegen;

import dev.bulkhead.agent.wasm.Code;
import dev.bulkhead.agent.wasm.Op;
import java.util.BitSet;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Which locals are live at the head of each loop, what a method hands on where it is left, and at other places. Passes backwards over the body until no
 * loop's head changes; within a try nothing is taken for overwritten, because control may leave it anywhere.
 */
final class Liveness {
    /** A body whose loops are nested deeper than this may not come to rest. */
    private static final int MOST_PASSES = 12;

    private final Code code;
    private final Map<Integer, BitSet> heads = new HashMap<>();
    private final Map<Integer, BitSet> ends = new HashMap<>();
    private final int[] enclosing;
    private final Map<Integer, BitSet> places = new HashMap<>();
    private int tries;

    private Liveness(Code code) {
        this.code = code;
        this.enclosing = new int[code.size()];
    }

    /** Null if the body is too deep to say. */
    static @Nullable Liveness of(Code code) {
        Liveness liveness = new Liveness(code);
        liveness.findEnclosing();
        for (int pass = 0; pass < MOST_PASSES; pass++) {
            if (!liveness.pass()) {
                return liveness;
            }
        }
        return null;
    }

    /** Locals live at the head of a loop. */
    BitSet atLoop(int loop) {
        return Objects.requireNonNull(heads.get(loop));
    }

    /** Locals live before each of these instructions. */
    Map<Integer, BitSet> before(Collection<Integer> wanted) {
        places.clear();
        wanted.forEach(place -> places.put(place, new BitSet()));
        pass();
        return Map.copyOf(places);
    }

    /** Locals live at the label of a block. */
    BitSet atLabel(int opener) {
        return target(0, opener);
    }

    /** The block around an instruction, −1 for the function. */
    int around(int i) {
        return enclosing[i];
    }

    private void findEnclosing() {
        int open = -1;
        for (int i = 0; i < code.size(); i++) {
            enclosing[i] = open;
            switch (code.op(i)) {
                case Op.BLOCK, Op.LOOP, Op.IF, Op.TRY_TABLE -> open = i;
                case Op.END -> open = open < 0 ? -1 : enclosing[open];
                default -> {}
            }
        }
    }

    /** Whether a loop's head changed. */
    private boolean pass() {
        boolean changed = false;
        BitSet live = new BitSet();
        Map<Integer, BitSet> elses = new HashMap<>();
        for (int i = code.size() - 1; i >= 0; i--) {
            int op = code.op(i);
            switch (op) {
                case Op.LOCAL_GET -> live.set(code.a(i));
                case Op.LOCAL_SET, Op.LOCAL_TEE -> {
                    if (tries == 0) {
                        live.clear(code.a(i));
                    }
                }
                case Op.END -> end(code.a(i), live);
                case Op.ELSE -> {
                    elses.put(code.a(i), copy(live));
                    replace(live, Objects.requireNonNull(ends.get(code.a(i))));
                }
                case Op.IF -> live.or(elses.getOrDefault(i, Objects.requireNonNull(ends.get(i))));
                case Op.LOOP -> {
                    BitSet before = heads.put(i, copy(live));
                    changed |= !live.equals(before);
                }
                case Op.TRY_TABLE -> tries--;
                default -> branch(op, i, live);
            }
            places.computeIfPresent(i, (place, before) -> copy(live));
        }
        return changed;
    }

    private void end(int opener, BitSet live) {
        if (opener < 0) {
            return;
        }
        ends.put(opener, copy(live));
        if (code.op(opener) == Op.TRY_TABLE) {
            tries++;
            int pool = (int) code.imm(opener);
            for (int clause = 0; clause < code.pool(pool); clause++) {
                live.or(target(code.pool(pool + 3 * clause + 3), enclosing[opener]));
            }
        }
    }

    private void branch(int op, int i, BitSet live) {
        switch (op) {
            case Op.BR -> {
                replace(live, target(code.a(i), enclosing[i]));
                keepForHandlers(i, live);
            }
            case Op.BR_IF -> live.or(target(code.a(i), enclosing[i]));
            case Op.BR_TABLE -> {
                live.clear();
                for (int k = 0; k < code.b(i); k++) {
                    live.or(target(code.pool(code.a(i) + k), enclosing[i]));
                }
                keepForHandlers(i, live);
            }
            default -> {
                if (Op.endsFlow(op)) {
                    live.clear();
                    keepForHandlers(i, live);
                }
            }
        }
    }

    /** What ends the flow within a try may be thrown to one of its handlers. */
    private void keepForHandlers(int i, BitSet live) {
        for (int open = enclosing[i]; tries > 0 && open >= 0; open = enclosing[open]) {
            if (code.op(open) == Op.TRY_TABLE) {
                int pool = (int) code.imm(open);
                for (int clause = 0; clause < code.pool(pool); clause++) {
                    live.or(target(code.pool(pool + 3 * clause + 3), enclosing[open]));
                }
            }
        }
    }

    /** What is live at a label, seen from within {@code open}. */
    private BitSet target(int label, int open) {
        int block = open;
        for (int k = 0; k < label && block >= 0; k++) {
            block = enclosing[block];
        }
        if (block < 0) {
            return new BitSet();
        }
        BitSet known = code.op(block) == Op.LOOP ? heads.get(block) : ends.get(block);
        return known == null ? new BitSet() : known;
    }

    private static void replace(BitSet live, BitSet with) {
        live.clear();
        live.or(with);
    }

    private static BitSet copy(BitSet bits) {
        return (BitSet) bits.clone();
    }
}

package dev.bulkhead.agent.codegen;

import dev.bulkhead.agent.wasm.Code;
import dev.bulkhead.agent.wasm.Op;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Cuts a scope so that what stays keeps its locals in JVM locals: arms of switches, and other runs of whole statements, become methods that take the locals
 * they use as parameters and give back those they change. That is what an interpreter's loop wants: its head, its switch and its short arms stay.
 */
final class ArmSplitter {
    /** What may stay, by {@link CodeSizes}' estimates, which are high for such code. */
    private static final int MOST_LEFT = 7_700;

    private static final int MOST_IN_ARM = 5_600;
    /** A run that would save less than this by becoming a method stays: the call costs time, too. */
    private static final int LEAST_SAVED = 20;

    private static final int MOST_LOCALS = 250;
    private static final int MOST_OPERANDS = 200;
    /** A table of so many branches is a switch whose arms are looked at one by one. */
    private static final int MANY = 8;

    private static final int CALL = 12;
    private static final int INPUT = 2;
    private static final int RETURNED = 2;
    private static final int TWO_RETURNED = 13;
    private static final int TRANSFERRED = 9;
    private static final int EXIT = 12;

    private record Run(int start, int end) {}

    private record Arm(Piece piece, int saved) {}

    /** Where control goes from a run: to labels of blocks around it, by their openers, and on behind it. */
    private record Ways(Set<Integer> blocks, boolean on) {
        private int count() {
            return blocks.size() + (on ? 1 : 0);
        }
    }

    private final Code code;
    private final int[] before;
    private final List<Integer> locals;
    private final Set<Integer> called = new HashSet<>();
    private final Set<Integer> switched = new HashSet<>();
    private final Liveness liveness;
    private final LocalUses uses;
    private final List<Run> runs = new ArrayList<>();
    private boolean possible = true;

    private ArmSplitter(Code code, int[] bytes, OutlinePlan plan, @Nullable Region scope, Liveness liveness) {
        this.code = code;
        this.liveness = liveness;
        this.uses = plan.uses();
        this.locals = Splits.locals(code, scope);
        int[] own = bytes.clone();
        for (Region loop : plan.childrenOf(scope)) {
            called.add(loop.start());
            Arrays.fill(own, loop.start(), loop.end() + 1, 0);
            own[loop.start()] = CodeSizes.call(loop);
        }
        this.before = new int[own.length + 1];
        for (int i = 0; i < own.length; i++) {
            before[i + 1] = before[i] + own[i];
        }
    }

    /** None if the scope cannot be cut that way. */
    static List<Piece> pieces(Code code, int[] bytes, OutlinePlan plan, @Nullable Region scope) {
        Liveness liveness = plan.liveness();
        if (liveness == null
                || code.usesExceptions()
                || TailCalls.in(code)
                || code.maxOperands() > MOST_OPERANDS
                || Splits.locals(code, scope).size() > MOST_LOCALS) {
            return List.of();
        }
        return new ArmSplitter(code, bytes, plan, scope, liveness).cut(scope);
    }

    private List<Piece> cut(@Nullable Region scope) {
        int from = scope == null ? 0 : scope.start() + 1;
        int to = scope == null ? code.size() - 1 : scope.end();
        findSwitches(from, to);
        collect(from, to, scope == null ? 0 : code.height(scope.start()));
        int left = CodeSizes.prologue(locals.size()) + before[to] - before[from];
        List<Piece> taken = new ArrayList<>();
        for (Arm arm : arms()) {
            if (left > MOST_LEFT && arm.saved() >= LEAST_SAVED) {
                taken.add(arm.piece());
                left -= arm.saved();
            }
        }
        taken.sort(Comparator.comparingInt(Piece::start));
        return possible && left <= MOST_LEFT ? taken : List.of();
    }

    /** Notes the blocks that a switch within them leads out of. */
    private void findSwitches(int from, int to) {
        for (int i = from; i < to; i++) {
            if (code.op(i) == Op.BR_TABLE && code.b(i) >= MANY) {
                for (int label : new HashSet<>(code.targets(i))) {
                    switched.add(block(i, label));
                }
            }
        }
    }

    /** Opener of the block that a label means at an instruction; −1 for the function. */
    private int block(int i, int label) {
        int block = liveness.around(i);
        for (int k = 0; k < label && block >= 0; k++) {
            block = liveness.around(block);
        }
        return block;
    }

    /** Collects runs of statements in one block, which has {@code base} operands beneath it: between two statements there are no others. */
    private void collect(int from, int to, int base) {
        int start = from > 0 && code.height(from - 1) != base ? -1 : from;
        int last = start;
        int i = from;
        while (i < to) {
            boolean block = opensBlock(i);
            if (block && staysOpen(i)) {
                add(start, last);
                inside(i);
                start = -1;
            }
            i = block ? code.a(i) + 1 : i + 1;
            if (code.height(i - 1) == base) {
                if (start >= 0 && before[i] - before[start] > MOST_IN_ARM) {
                    add(start, last);
                    start = last;
                }
                start = start < 0 ? i : start;
                last = i;
            }
        }
        add(start, last);
    }

    private boolean opensBlock(int i) {
        return switch (code.op(i)) {
            case Op.BLOCK, Op.LOOP, Op.IF, Op.TRY_TABLE -> true;
            default -> false;
        };
    }

    /** Whether a block is no part of a run, only what is in it: it is too long, or a switch leads out of it. */
    private boolean staysOpen(int i) {
        return !called.contains(i) && (switched.contains(i) || before[code.a(i) + 1] - before[i] > MOST_IN_ARM);
    }

    private void inside(int i) {
        int end = code.a(i);
        // what is thrown in a method of its own would find the locals here as they were
        possible &= code.op(i) != Op.TRY_TABLE;
        int base = code.height(i) - code.blockType(code.b(i)).params().size();
        int otherwise = code.op(i) == Op.IF && code.imm(i) >= 0 ? (int) code.imm(i) : end;
        collect(i + 1, otherwise, base);
        if (otherwise < end) {
            collect(otherwise + 1, end, base);
        }
    }

    private void add(int start, int end) {
        if (start >= 0 && end > start && before[end] - before[start] <= MOST_IN_ARM) {
            runs.add(new Run(start, end));
        }
    }

    /** What each run would be as a method, those that save most first. */
    private List<Arm> arms() {
        Set<Integer> places = new HashSet<>();
        runs.forEach(run -> places.addAll(List.of(run.start(), run.end())));
        Map<Integer, BitSet> live = liveness.before(places);
        List<Arm> arms = new ArrayList<>();
        for (Run run : runs) {
            Ways ways = ways(run);
            Piece.Passed passed = passed(
                    run,
                    ways,
                    Objects.requireNonNull(live.get(run.start())),
                    Objects.requireNonNull(live.get(run.end())));
            if (passed.slots(code) <= OutlinePlan.MOST_PARAMETER_SLOTS) {
                arms.add(new Arm(
                        new Piece(run.start(), run.end(), List.of(), passed),
                        before[run.end()] - before[run.start()] - call(passed)));
            }
        }
        arms.sort(Comparator.comparingInt(Arm::saved).reversed());
        return arms;
    }

    private Piece.Passed passed(Run run, Ways ways, BitSet atStart, BitSet atEnd) {
        BitSet wanted = ways.on() ? (BitSet) atEnd.clone() : new BitSet();
        ways.blocks().forEach(block -> wanted.or(liveness.atLabel(block)));
        List<Integer> inputs = new ArrayList<>();
        List<Integer> scratch = new ArrayList<>();
        List<Integer> outputs = new ArrayList<>();
        for (int local : locals) {
            boolean written = uses.written(local, run.start(), run.end());
            if (written || uses.read(local, run.start(), run.end())) {
                (atStart.get(local) ? inputs : scratch).add(local);
                if (written && wanted.get(local)) {
                    outputs.add(local);
                }
            }
        }
        return new Piece.Passed(inputs, scratch, outputs, ways.count());
    }

    /** Bytes of a call. */
    private int call(Piece.Passed passed) {
        long numbers = passed.outputs().stream()
                .filter(local -> JavaType.of(code.local(local)) == JavaType.INT)
                .count();
        int returned = (int) Math.min(2, numbers);
        return CALL
                + INPUT * passed.inputs().size()
                + (returned == 2 ? TWO_RETURNED : RETURNED)
                + TRANSFERRED * (passed.outputs().size() - returned)
                + (passed.ways() > 1 ? EXIT * passed.ways() : 0);
    }

    private Ways ways(Run run) {
        Set<Integer> blocks = new HashSet<>();
        for (int i = run.start(); i < run.end(); i++) {
            switch (code.op(i)) {
                case Op.BR, Op.BR_IF -> blocks.add(block(i, code.a(i)));
                case Op.BR_TABLE -> {
                    for (int label : code.targets(i)) {
                        blocks.add(block(i, label));
                    }
                }
                case Op.TRY_TABLE -> {
                    int pool = (int) code.imm(i);
                    for (int clause = 0; clause < code.pool(pool); clause++) {
                        blocks.add(block(i, code.pool(pool + 3 * clause + 3)));
                    }
                }
                case Op.RETURN -> blocks.add(-1);
                default -> {}
            }
        }
        blocks.removeIf(block -> block >= run.start());
        return new Ways(blocks, !Op.endsFlow(code.op(run.end() - 1)));
    }
}

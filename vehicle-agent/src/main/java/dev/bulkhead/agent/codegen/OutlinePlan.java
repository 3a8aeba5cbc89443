package dev.bulkhead.agent.codegen;

import dev.bulkhead.agent.wasm.Code;
import dev.bulkhead.agent.wasm.FuncType;
import dev.bulkhead.agent.wasm.Op;
import dev.bulkhead.agent.wasm.ValType;
import dev.bulkhead.agent.wasm.WasmModule;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Decides which loops of a function get methods of their own, and what passes between them and the code around. Metered, that is every loop
 * within bounds, for the second versions; unmetered, only outermost ones with loops inside.
 */
final class OutlinePlan {
    static final int MOST_PARAMETER_SLOTS = 100;
    private static final int MOST_TRANSFERRED = 100;
    private static final int MOST_HANDED_ON = 250;
    /** Bounds how much of a second version the ways into it can be; a method of the JVM has 65,535 bytes. */
    private static final int MOST_ENTRY_BYTES = 20_000;
    /** Bounds the work of planning; a function with more is compiled all the same. */
    private static final int MOST_REGIONS = 256;
    /** Bounds what is written more than once, in instructions: so often the function's own, and no more than so many beyond them. */
    private static final int MOST_COPIES = 12;

    private static final int MOST_COPIED = 60_000;

    private final Code code;
    private final Splits splits;
    private final boolean nestsOnly;
    private final Map<Integer, Region> regions = new TreeMap<>();
    /** By the start of a scope, the starts of the loops that it can be left at. */
    private final Map<Integer, BitSet> leaving = new HashMap<>();

    private long copied;
    private final LocalUses uses;
    private final @Nullable Liveness live;

    OutlinePlan(WasmModule module, CodeForm form, Code code) {
        this.code = code;
        this.splits = new Splits(module, form, code, this);
        this.nestsOnly = form == CodeForm.UNMETERED;
        this.uses = new LocalUses(code);
        this.live = form == CodeForm.PLAIN ? null : Liveness.of(code);
        if (live != null) {
            findLoops(live);
        }
    }

    /** The region that starts with this instruction, if there is one. */
    @Nullable
    Region at(int start) {
        return regions.get(start);
    }

    /** The regions within a scope, inner ones too, in order. */
    List<Region> within(@Nullable Region scope) {
        return regions.values().stream()
                .filter(region -> scope == null || (region.start() > scope.start() && region.end() < scope.end()))
                .toList();
    }

    /** Locals of a scope that are live at the head of a loop within it. */
    List<Integer> handedOn(@Nullable Region scope, Region loop) {
        BitSet handed = copyOfLive(loop);
        if (scope != null) {
            BitSet own = new BitSet();
            scope.inputs().forEach(own::set);
            scope.scratch().forEach(own::set);
            handed.and(own);
        }
        return handed.stream().boxed().toList();
    }

    private BitSet copyOfLive(Region loop) {
        return (BitSet) Objects.requireNonNull(live).atLoop(loop.start()).clone();
    }

    /** Whether the scope's first version calls its loops, too: unmetered always, and where it would be too long for the JIT with them inside. */
    boolean callsLoops(@Nullable Region scope) {
        return nestsOnly || splits.tooLong(scope);
    }

    /** What is live where; null if that is not known. */
    @Nullable
    Liveness liveness() {
        return live;
    }

    LocalUses uses() {
        return uses;
    }

    /** How the scope's first version is cut, if it is. */
    Splits.@Nullable Split split(@Nullable Region scope) {
        return splits.of(scope);
    }

    /** Regions directly within the scope. */
    List<Region> childrenOf(@Nullable Region scope) {
        int parent = scope == null ? Region.ROOT : scope.start();
        return within(scope).stream()
                .filter(region -> region.parent() == parent)
                .toList();
    }

    /** The region directly within the scope that holds {@code inner}, or is it. */
    Region childAround(@Nullable Region scope, Region inner) {
        int wanted = scope == null ? Region.ROOT : scope.start();
        Region child = inner;
        while (child.parent() != wanted) {
            child = parent(child);
        }
        return child;
    }

    private Region parent(Region region) {
        Region parent = regions.get(region.parent());
        if (parent == null) {
            throw new IllegalStateException("no region around " + region);
        }
        return parent;
    }

    /** Whether a scope can be left at this loop: whether what it hands on has bits, and room in the transfer and in the second version. */
    boolean leaves(@Nullable Region scope, Region loop) {
        return leaving.computeIfAbsent(scope == null ? Region.ROOT : scope.start(), start -> leavingWithin(scope))
                .get(loop.start());
    }

    private BitSet leavingWithin(@Nullable Region scope) {
        BitSet starts = new BitSet();
        int bytes = 0;
        for (Region loop : within(scope)) {
            List<Integer> handed = handedOn(scope, loop);
            boolean carried = handed.size() <= MOST_HANDED_ON
                    && handed.stream().noneMatch(local -> code.local(local) == ValType.EXNREF);
            int entry = CodeSizes.entry(handed.size());
            if (carried && bytes + entry <= MOST_ENTRY_BYTES) {
                starts.set(loop.start());
                bytes += entry;
            }
        }
        return starts;
    }

    private static final class OpenBlock {
        private final int opener;
        private final int loopAround;
        private boolean loopsInside;

        private OpenBlock(int opener, int loopAround) {
            this.opener = opener;
            this.loopAround = loopAround;
        }
    }

    /** Loops, each after those around it; none within a try. */
    private void findLoops(Liveness known) {
        List<OpenBlock> open = new ArrayList<>();
        int tries = 0;
        int loop = Region.ROOT;
        for (int i = 0; i < code.size(); i++) {
            int op = code.op(i);
            if (op == Op.BLOCK || op == Op.IF || op == Op.LOOP || op == Op.TRY_TABLE) {
                open.add(new OpenBlock(i, loop));
                tries += op == Op.TRY_TABLE ? 1 : 0;
                if (op == Op.LOOP) {
                    if (!nestsOnly && tries == 0 && (loop == Region.ROOT || regions.containsKey(loop))) {
                        consider(i, open.size(), loop, known);
                    }
                    loop = i;
                }
            } else if (op == Op.END && !open.isEmpty()) {
                OpenBlock closed = open.removeLast();
                tries -= code.op(closed.opener) == Op.TRY_TABLE ? 1 : 0;
                if (code.op(closed.opener) == Op.LOOP) {
                    loop = closed.loopAround;
                    open.forEach(block -> block.loopsInside = true);
                    if (nestsOnly && tries == 0 && loop == Region.ROOT && closed.loopsInside) {
                        consider(closed.opener, open.size() + 1, Region.ROOT, known);
                    }
                }
            }
        }
    }

    /**
     * Makes the loop a region if it can be one.
     *
     * @param depth blocks open around the loop, the function's own included
     */
    private void consider(int start, int depth, int parent, Liveness known) {
        FuncType type = code.blockType(code.b(start));
        int end = code.a(start);
        int size = end - start;
        BitSet liveHere = known.atLoop(start);
        if (regions.size() >= MOST_REGIONS
                || copied + size > Math.min((long) MOST_COPIES * code.size(), code.size() + MOST_COPIED)
                || !type.params().isEmpty()) {
            return;
        }
        int outermost = outermost(start, parent);
        List<Integer> inputs = new ArrayList<>();
        List<Integer> scratch = new ArrayList<>();
        List<Integer> outputs = new ArrayList<>();
        int slots = 0;
        for (int local = 0; local < code.localCount(); local++) {
            boolean written = uses.written(local, start, end);
            if (!written && !uses.read(local, start, end)) {
                continue;
            }
            if (code.local(local) == ValType.EXNREF) {
                return;
            }
            boolean exposed = liveHere.get(local);
            boolean output =
                    written && (exposed || uses.read(local, end, code.size()) || uses.read(local, outermost, start));
            if (exposed || output) {
                inputs.add(local);
                slots += JavaType.of(code.local(local)).passedSlots();
            } else {
                scratch.add(local);
            }
            if (output) {
                outputs.add(local);
            }
        }
        List<Region.Exit> exits = exits(start, end, depth);
        if (exits == null || slots > MOST_PARAMETER_SLOTS || outputs.size() >= MOST_TRANSFERRED) {
            return;
        }
        Region region = new Region(regions.size(), start, end, parent, inputs, scratch, outputs, exits);
        if (!new RegionResults(code, region).transferable()) {
            return;
        }
        copied += size;
        regions.put(start, region);
    }

    private int outermost(int start, int parent) {
        int outermost = start;
        int around = parent;
        while (around != Region.ROOT) {
            outermost = around;
            Region region = regions.get(around);
            around = region == null ? Region.ROOT : region.parent();
        }
        return outermost;
    }

    /** Whether a local is live at the head of a loop that has a region. */
    boolean live(Region loop, int local) {
        return Objects.requireNonNull(live).atLoop(loop.start()).get(local);
    }

    /** Ways out, or null if one of them carries what cannot be transferred. */
    private @Nullable List<Region.Exit> exits(int start, int end, int depth) {
        List<Region.Exit> exits = new ArrayList<>();
        exits.add(new Region.Exit(Region.Exit.AGAIN));
        int inside = 0;
        for (int i = start; i < end; i++) {
            switch (code.op(i)) {
                case Op.BLOCK, Op.LOOP, Op.IF -> inside++;
                case Op.TRY_TABLE -> {
                    int pool = (int) code.imm(i);
                    for (int clause = 0; clause < code.pool(pool); clause++) {
                        leave(exits, code.pool(pool + 3 * clause + 3), inside, depth);
                    }
                    inside++;
                }
                case Op.END -> inside--;
                case Op.BR, Op.BR_IF -> leave(exits, code.a(i), inside, depth);
                case Op.BR_TABLE -> {
                    for (int k = 0; k < code.b(i); k++) {
                        leave(exits, code.pool(code.a(i) + k), inside, depth);
                    }
                }
                case Op.RETURN -> add(exits, 0);
                case Op.RETURN_CALL, Op.RETURN_CALL_INDIRECT -> {
                    return null;
                }
                default -> {}
            }
        }
        // last, because the code after the loop follows the call
        if (!Op.endsFlow(code.op(end - 1))) {
            exits.add(new Region.Exit(Region.Exit.FALL_THROUGH));
        }
        return exits;
    }

    private static void leave(List<Region.Exit> exits, int label, int inside, int depth) {
        if (label >= inside) {
            add(exits, depth - 1 - (label - inside));
        }
    }

    private static void add(List<Region.Exit> exits, int block) {
        if (exits.stream().noneMatch(exit -> exit.block() == block)) {
            exits.add(new Region.Exit(block));
        }
    }
}

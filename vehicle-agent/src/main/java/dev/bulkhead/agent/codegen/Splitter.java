package dev.bulkhead.agent.codegen;

import dev.bulkhead.agent.wasm.Code;
import dev.bulkhead.agent.wasm.Op;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Cuts a scope into pieces that HotSpot compiles: first runs of whole instructions and blocks, as long as fit; then, where too many calls are left,
 * runs of those. What is larger than a piece is cut inside first.
 */
final class Splitter {
    /** What a piece may come to, by {@link CodeSizes}' estimates: some way below the 8,000 bytes from which HotSpot never compiles a method. */
    private static final int TARGET = 5_600;

    /** A run that would save less than this by becoming a method stays where it is. */
    private static final int LEAST_SAVED = 250;

    private static final int CALL = 24;
    private static final int EXIT = 10;
    /** To load a local at the start of a piece and to store it at the end. */
    private static final int LOCAL = 20;

    private static final int OPERAND = 10;
    /** How much longer what stays is, because its locals and operands stand in the spill. */
    private static final int IN_SPILL = 2;

    private static final int MOST_ROUNDS = 8;

    private record Item(int start, int end, int bytes, List<Piece> pieces) {
        private boolean whole() {
            return pieces.isEmpty();
        }

        private Item inSpill() {
            return whole() ? new Item(start, end, IN_SPILL * bytes, pieces) : this;
        }
    }

    private final Code code;
    private final int[] before;
    private final int[] branches;
    private final int[] touched;
    private int groups;

    /**
     * Prepares for one scope.
     *
     * @param bytes by instruction, see {@link CodeSizes}
     * @param called loops that stand in methods of their own
     */
    Splitter(Code code, int[] bytes, List<Region> called) {
        this.code = code;
        this.before = new int[code.size() + 1];
        this.branches = new int[code.size() + 1];
        this.touched = new int[code.localCount()];
        for (int i = 0; i < code.size(); i++) {
            before[i + 1] = bytes[i];
            branches[i + 1] = branches(i);
        }
        called.forEach(this::callOnly);
        for (int i = 0; i < code.size(); i++) {
            before[i + 1] += before[i];
            branches[i + 1] += branches[i];
        }
    }

    /** Of a loop only the call counts. */
    private void callOnly(Region loop) {
        Arrays.fill(before, loop.start() + 1, loop.end() + 2, 0);
        Arrays.fill(branches, loop.start() + 1, loop.end() + 2, 0);
        before[loop.start() + 1] = CodeSizes.call(loop);
        branches[loop.start() + 1] = loop.exits().size();
    }

    private int branches(int i) {
        return switch (code.op(i)) {
            case Op.BR, Op.BR_IF, Op.RETURN, Op.RETURN_CALL, Op.RETURN_CALL_INDIRECT -> 1;
            case Op.BR_TABLE -> code.b(i);
            case Op.TRY_TABLE -> code.pool((int) code.imm(i));
            default -> 0;
        };
    }

    /** Pieces of the instructions in [from, to), which stand in one block around which {@code depth} are open. */
    List<Piece> pieces(int from, int to, int depth) {
        return reduce(from, to, depth).stream()
                .flatMap(item -> item.pieces().stream())
                .toList();
    }

    private static int sum(List<Item> items) {
        return items.stream().mapToInt(Item::bytes).sum();
    }

    private static List<Item> inSpill(List<Item> items) {
        return items.stream().map(Item::inSpill).toList();
    }

    private List<Item> reduce(int from, int to, int depth) {
        List<Item> items = items(from, to, depth);
        if (sum(items) <= TARGET && items.stream().allMatch(Item::whole)) {
            return items;
        }
        if (sum(inSpill(items)) > TARGET) {
            items = grouped(items, depth, true);
        }
        items = inSpill(items);
        for (int round = 0; round < MOST_ROUNDS && sum(items) > TARGET; round++) {
            items = grouped(items, depth, false);
        }
        return items;
    }

    private List<Item> items(int from, int to, int depth) {
        List<Item> items = new ArrayList<>();
        int i = from;
        while (i < to) {
            Item item = item(i, depth);
            if (belongsToTheOneBefore(code.op(i)) && !items.isEmpty()) {
                Item last = items.removeLast();
                List<Piece> pieces = new ArrayList<>(last.pieces());
                pieces.addAll(item.pieces());
                items.add(new Item(last.start(), item.end(), last.bytes() + item.bytes(), pieces));
            } else {
                items.add(item);
            }
            i = item.end();
        }
        return items;
    }

    /** What takes a condition is written together with the comparison before it. */
    private static boolean belongsToTheOneBefore(int op) {
        return switch (op) {
            case Op.BR_IF, Op.IF, Op.SELECT, Op.SELECT_T, Op.I32_EQZ, Op.BR_TABLE -> true;
            default -> false;
        };
    }

    private Item item(int i, int depth) {
        int op = code.op(i);
        if (op != Op.BLOCK && op != Op.LOOP && op != Op.IF && op != Op.TRY_TABLE) {
            return new Item(i, i + 1, before[i + 1] - before[i], List.of());
        }
        int end = code.a(i);
        int bytes = before[end + 1] - before[i];
        if (bytes <= TARGET) {
            return new Item(i, end + 1, bytes, List.of());
        }
        int otherwise = op == Op.IF && code.imm(i) >= 0 ? (int) code.imm(i) : end;
        List<Item> inside = new ArrayList<>(reduce(i + 1, otherwise, depth + 1));
        if (otherwise < end) {
            inside.addAll(reduce(otherwise + 1, end, depth + 1));
        }
        int own = before[i + 1] - before[i] + before[end + 1] - before[end];
        List<Piece> pieces =
                inside.stream().flatMap(item -> item.pieces().stream()).toList();
        return new Item(i, end + 1, own + sum(inside), pieces);
    }

    /** Makes methods of neighbours that fit into one; of whole ones only, or of whatever is left. */
    private List<Item> grouped(List<Item> items, int depth, boolean wholeOnes) {
        List<Item> result = new ArrayList<>();
        int i = 0;
        while (i < items.size()) {
            int end = i;
            int bytes = 0;
            int low = Integer.MAX_VALUE;
            groups++;
            while (end < items.size() && (!wholeOnes || items.get(end).whole())) {
                Item item = items.get(end);
                bytes += item.bytes() + (wholeOnes ? touch(item) : 0);
                low = Math.min(low, lowest(item));
                if (bytes + operands(items.get(i), item, low) > TARGET && end > i) {
                    break;
                }
                end++;
            }
            if (end == i) {
                result.add(items.get(i++));
                continue;
            }
            List<Item> group = items.subList(i, end);
            Item called = called(group, depth);
            if (sum(group) - called.bytes() >= LEAST_SAVED) {
                result.add(called);
            } else {
                result.addAll(group);
            }
            i = end;
        }
        return result;
    }

    /** Bytes for the operands that a group takes up and leaves, of which the deepest that it touches stands at {@code low}. */
    private int operands(Item first, Item last, int low) {
        int before = first.start() == 0 ? 0 : code.height(first.start() - 1);
        return OPERAND * (Math.max(0, before - low) + Math.max(0, code.height(last.end() - 1) - low));
    }

    private int lowest(Item item) {
        int low = Integer.MAX_VALUE;
        for (int i = item.start(); i < item.end(); i++) {
            low = Math.min(low, code.height(i));
        }
        return low;
    }

    /** Bytes for the locals that the item is the first of its group to use. */
    private int touch(Item item) {
        int bytes = 0;
        for (int i = item.start(); i < item.end(); i++) {
            int op = code.op(i);
            if ((op == Op.LOCAL_GET || op == Op.LOCAL_SET || op == Op.LOCAL_TEE) && touched[code.a(i)] != groups) {
                touched[code.a(i)] = groups;
                bytes += LOCAL;
            }
        }
        return bytes;
    }

    private Item called(List<Item> group, int depth) {
        int start = group.getFirst().start();
        int end = group.getLast().end();
        int exits = Math.min(depth + 1, branches[end] - branches[start]);
        List<Piece> within =
                group.stream().flatMap(item -> item.pieces().stream()).toList();
        return new Item(start, end, CALL + EXIT * exits, List.of(Piece.spilled(start, end, within)));
    }
}

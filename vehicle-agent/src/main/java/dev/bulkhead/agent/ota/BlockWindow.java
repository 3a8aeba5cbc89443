package dev.bulkhead.agent.ota;

import java.util.BitSet;

/**
 * Which blocks to ask for next: at most {@code window} on their way, asked for in order, asked again when they stay away or
 * come wrong, but never for ever. Pure: time comes in, nothing goes out.
 */
final class BlockWindow {
    /** What an arriving block means. */
    enum Arrival {
        /** Missing: look at it, even when it was asked for over an earlier connection. */
        WANTED,
        /** It is here already. */
        DUPLICATE,
        /** The file has no such block. */
        OUTSIDE
    }

    private final int count;
    private final PullLimits limits;
    private final BitSet have;
    private final BitSet onTheWay = new BitSet();
    private int bad;
    private int stalls;
    private int surplus;
    private long quietSince;

    BlockWindow(int count, BitSet have, PullLimits limits) {
        this.count = count;
        this.limits = limits;
        this.have = (BitSet) have.clone();
    }

    boolean complete() {
        return have.cardinality() == count;
    }

    /**
     * The blocks to ask for now; empty while more than half the window is still on its way, so that requests carry several
     * blocks each.
     */
    BitSet ask(long nowNanos) {
        BitSet asked = new BitSet();
        int open = onTheWay.cardinality();
        if (open > limits.window() / 2) {
            return asked;
        }
        for (int next = have.nextClearBit(0);
                next < count && open < limits.window();
                next = have.nextClearBit(next + 1)) {
            if (!onTheWay.get(next)) {
                asked.set(next);
                open++;
            }
        }
        if (!asked.isEmpty() && onTheWay.isEmpty()) {
            quietSince = nowNanos;
        }
        onTheWay.or(asked);
        return asked;
    }

    Arrival arrived(long index) {
        if (index < 0 || index >= count) {
            surplus++;
            return Arrival.OUTSIDE;
        }
        if (have.get((int) index)) {
            surplus++;
            return Arrival.DUPLICATE;
        }
        return Arrival.WANTED;
    }

    /** The block verified and is on disk. */
    void accept(int index, long nowNanos) {
        have.set(index);
        onTheWay.clear(index);
        stalls = 0;
        quietSince = nowNanos;
    }

    /** The block did not match the signed root: it will be asked for again. */
    void reject(int index) {
        bad++;
        onTheWay.clear(index);
    }

    /** Nothing asked for will come any more: the line was cut, or the server was silent for too long. */
    void lost() {
        onTheWay.clear();
    }

    /** When the blocks on their way are overdue, on the monotonic clock; {@code Long.MAX_VALUE} when none is. */
    long overdueAt() {
        return onTheWay.isEmpty()
                ? Long.MAX_VALUE
                : quietSince + limits.patience().toNanos();
    }

    /** Nothing came for the whole patience: what was asked for is asked for again. */
    void stalled() {
        stalls++;
        lost();
    }

    /** More bad blocks than the limits allow: the source is not worth asking. */
    boolean tooManyBad() {
        return bad > limits.badBlocks();
    }

    /** Silent too often in a row while the line stood. */
    boolean tooManyStalls() {
        return stalls > limits.stalls();
    }

    /** Far more blocks than asking twice for each could explain: endless data. */
    boolean endless() {
        return surplus > 2 * count + 4 * limits.window();
    }

    int badBlocks() {
        return bad;
    }
}

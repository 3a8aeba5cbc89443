package dev.bulkhead.hal.can.dbc;

/**
 * The signals of one decoded frame, to be filled again and again. Entry {@code i} tells of the signal {@link #index(int)} of its message;
 * multiplexed signals that the frame does not carry are left out. Not thread-safe.
 */
public final class FrameValues {
    final int[] index;
    final long[] raw;
    final double[] value;
    /** The frame's bytes with room behind them, so that every window lies inside. */
    final byte[] padded = new byte[80];

    int count;

    FrameValues(int capacity) {
        index = new int[capacity];
        raw = new long[capacity];
        value = new double[capacity];
    }

    /** How many signals the frame carries. */
    public int count() {
        return count;
    }

    /** Which signal of {@link DbcMessage#signals()} entry {@code i} is. */
    public int index(int i) {
        return index[i];
    }

    /** The bits, sign-extended for signed signals. */
    public long raw(int i) {
        return raw[i];
    }

    /** The physical value: {@code raw · factor + offset}. */
    public double value(int i) {
        return value[i];
    }
}

package dev.bulkhead.hal.can.dbc;

import dev.bulkhead.hal.can.dbc.DbcSignal.Form;
import dev.bulkhead.hal.can.dbc.DbcSignal.Span;
import java.util.List;

/** How one signal is cut from the bytes of a frame: all arithmetic on its description done once. Immutable. */
final class SignalPlan {
    /** In place of a multiplexer that the message does not have. */
    static final int NO_SUCH_SIGNAL = -2;

    private static final int NONE = -1;

    final boolean bigEndian;
    final int bytesNeeded;
    /** Shift when the first eight bytes are one word. */
    final int shiftInEight;
    /** Where the signal's own eight-byte window begins, and the shift in it. */
    final int firstByte;

    final int shift;
    /** How many bits lie in a ninth byte. */
    final int spill;

    final long mask;
    /** Index of the signal this one depends on, or {@link #NO_SUCH_SIGNAL}, or below 0. */
    final int multiplexer;

    private final int unused;
    private final boolean signed;
    private final Form form;
    private final double factor;
    private final double offset;
    private final long[] from;
    private final long[] to;

    private SignalPlan(DbcSignal signal, int multiplexer) {
        int first = signal.firstBit();
        int length = signal.length();
        this.bigEndian = signal.bigEndian();
        this.bytesNeeded = signal.bytesNeeded();
        this.firstByte = first / 8;
        int within = first % 8;
        this.spill = Math.max(0, within + length - 64);
        this.shift = bigEndian ? Math.max(0, 64 - within - length) : within;
        this.shiftInEight = bigEndian ? 64 - first - length : first;
        this.mask = length == 64 ? -1 : (1L << length) - 1;
        this.unused = 64 - length;
        this.signed = signal.signed();
        this.form = signal.form();
        this.factor = signal.factor();
        this.offset = signal.offset();
        this.multiplexer = multiplexer;
        this.from = signal.multiplexValues().stream().mapToLong(Span::from).toArray();
        this.to = signal.multiplexValues().stream().mapToLong(Span::to).toArray();
    }

    static SignalPlan of(List<DbcSignal> signals, int index) {
        DbcSignal signal = signals.get(index);
        if (signal.multiplexedBy().isEmpty()) {
            return new SignalPlan(signal, NONE);
        }
        for (int i = 0; i < signals.size(); i++) {
            if (signals.get(i).name().equals(signal.multiplexedBy().get())) {
                return new SignalPlan(signal, i);
            }
        }
        return new SignalPlan(signal, NO_SUCH_SIGNAL);
    }

    long extend(long bits) {
        return signed ? bits << unused >> unused : bits;
    }

    boolean isSelectedBy(long multiplexerRaw) {
        for (int i = 0; i < from.length; i++) {
            if (multiplexerRaw >= from[i] && multiplexerRaw <= to[i]) {
                return true;
            }
        }
        return false;
    }

    double physical(long raw) {
        return switch (form) {
            case INTEGER -> (signed || raw >= 0 ? (double) raw : (((raw >>> 1) | (raw & 1)) * 2.0)) * factor + offset;
            case FLOAT -> Float.intBitsToFloat((int) raw) * factor + offset;
            case DOUBLE -> Double.longBitsToDouble(raw) * factor + offset;
        };
    }
}

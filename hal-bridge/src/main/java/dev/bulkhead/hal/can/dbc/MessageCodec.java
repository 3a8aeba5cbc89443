package dev.bulkhead.hal.can.dbc;

import dev.bulkhead.hal.can.CanFrame;
import dev.bulkhead.hal.can.dbc.DbcSignal.Form;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * Decodes and encodes the frames of one message by a plan made once: for each signal the 64-bit window it lies in, a shift and a mask.
 * Immutable, thread-safe.
 */
public final class MessageCodec {
    private static final VarHandle LITTLE = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle BIG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private final DbcMessage message;
    private final SignalPlan[] plans;
    private final boolean multiplexed;
    private final boolean small;

    public MessageCodec(DbcMessage message) {
        this.message = message;
        List<DbcSignal> signals = message.signals();
        this.plans = new SignalPlan[signals.size()];
        for (int i = 0; i < plans.length; i++) {
            plans[i] = SignalPlan.of(signals, i);
        }
        this.multiplexed =
                signals.stream().anyMatch(signal -> signal.multiplexedBy().isPresent());
        this.small = signals.stream().allMatch(signal -> signal.bytesNeeded() <= 8);
    }

    public DbcMessage message() {
        return message;
    }

    /** Room for the signals of one frame of this message. */
    public FrameValues newValues() {
        return new FrameValues(plans.length);
    }

    /** Decodes {@code length} bytes of data, at most 64, from {@code offset} on. Signals that do not fit into a short frame are left out. */
    public void decode(byte[] data, int offset, int length, FrameValues into) {
        if (small && length == 8 && data.length - offset >= 8 && !multiplexed) {
            decodeEight((long) LITTLE.get(data, offset), into);
            return;
        }
        byte[] padded = into.padded;
        System.arraycopy(data, offset, padded, 0, length);
        Arrays.fill(padded, length, padded.length, (byte) 0);
        int count = 0;
        for (int i = 0; i < plans.length; i++) {
            SignalPlan plan = plans[i];
            if (plan.bytesNeeded <= length && isPresent(plan, padded, length)) {
                long raw = extract(plan, padded);
                into.index[count] = i;
                into.raw[count] = raw;
                into.value[count++] = plan.physical(raw);
            }
        }
        into.count = count;
    }

    /** Decodes a frame. */
    public void decode(CanFrame frame, FrameValues into) {
        byte[] data = frame.dataForReading();
        decode(data, 0, data.length, into);
    }

    /** The common case: eight bytes in one word, all signals always there. */
    private void decodeEight(long little, FrameValues into) {
        long big = Long.reverseBytes(little);
        int[] index = into.index;
        long[] raws = into.raw;
        double[] values = into.value;
        for (int i = 0; i < plans.length; i++) {
            SignalPlan plan = plans[i];
            long bits = (plan.bigEndian ? big : little) >>> plan.shiftInEight;
            long raw = plan.extend(bits & plan.mask);
            index[i] = i;
            raws[i] = raw;
            values[i] = plan.physical(raw);
        }
        into.count = plans.length;
    }

    private boolean isPresent(SignalPlan plan, byte[] padded, int length) {
        int above = plan.multiplexer;
        SignalPlan present = plan;
        while (above >= 0) {
            SignalPlan multiplexer = plans[above];
            if (multiplexer.bytesNeeded > length || !present.isSelectedBy(extract(multiplexer, padded))) {
                return false;
            }
            present = multiplexer;
            above = multiplexer.multiplexer;
        }
        return above != SignalPlan.NO_SUCH_SIGNAL;
    }

    private static long extract(SignalPlan plan, byte[] padded) {
        long bits;
        if (plan.bigEndian) {
            bits = (long) BIG.get(padded, plan.firstByte) >>> plan.shift;
            if (plan.spill > 0) {
                bits = ((long) BIG.get(padded, plan.firstByte) << plan.spill)
                        | ((padded[plan.firstByte + 8] & 0xFFL) >>> (8 - plan.spill));
            }
        } else {
            bits = (long) LITTLE.get(padded, plan.firstByte) >>> plan.shift;
            if (plan.spill > 0) {
                bits |= (padded[plan.firstByte + 8] & 0xFFL) << (64 - plan.shift);
            }
        }
        return plan.extend(bits & plan.mask);
    }

    /** The raw value of one signal, multiplexed away or not; {@code data} has the bytes it needs. */
    public long rawOf(int signal, byte[] data, int length) {
        byte[] padded = new byte[80];
        System.arraycopy(data, 0, padded, 0, Math.min(length, 64));
        return extract(plans[signal], padded);
    }

    /**
     * Writes the bits of one signal into the data of a frame.
     *
     * @throws IndexOutOfBoundsException when the data is too short for it
     */
    public void putRaw(int signal, long raw, byte[] data) {
        SignalPlan plan = plans[signal];
        DbcSignal described = message.signals().get(signal);
        Objects.checkIndex(plan.bytesNeeded - 1, data.length);
        int first = described.firstBit();
        for (int bit = 0; bit < described.length(); bit++) {
            boolean set = ((raw >>> bit) & 1) != 0;
            int position = plan.bigEndian ? first + described.length() - 1 - bit : first + bit;
            int mask = plan.bigEndian ? 0x80 >>> (position & 7) : 1 << (position & 7);
            data[position >>> 3] = (byte) (set ? data[position >>> 3] | mask : data[position >>> 3] & ~mask);
        }
    }

    /**
     * The bits that carry a physical value, rounded to the nearest step.
     *
     * @throws DbcRangeException when the signal cannot carry the value
     */
    public long toRaw(int signal, double physical) {
        DbcSignal described = message.signals().get(signal);
        double scaled = (physical - described.offset()) / described.factor();
        if (described.form() == Form.FLOAT) {
            return Float.floatToRawIntBits((float) scaled) & 0xFFFF_FFFFL;
        }
        if (described.form() == Form.DOUBLE) {
            return Double.doubleToRawLongBits(scaled);
        }
        double rounded = Math.rint(scaled);
        if (!(rounded >= least(described) && rounded < beyond(described))) {
            throw new DbcRangeException(message.name(), described, physical);
        }
        return whole(rounded);
    }

    /** As {@link #toRaw}, but the nearest value that fits; NaN becomes the offset's. */
    public long nearestRaw(int signal, double physical) {
        DbcSignal described = message.signals().get(signal);
        if (described.form() != Form.INTEGER) {
            return toRaw(signal, physical);
        }
        double scaled = Math.rint((physical - described.offset()) / described.factor());
        if (Double.isNaN(scaled)) {
            return 0;
        }
        if (scaled >= beyond(described)) {
            return described.length() == 64 && !described.signed() ? -1 : whole(beyond(described)) - 1;
        }
        return whole(Math.max(scaled, least(described)));
    }

    private static double least(DbcSignal signal) {
        return signal.signed() ? -Math.scalb(1.0, signal.length() - 1) : 0;
    }

    private static double beyond(DbcSignal signal) {
        return Math.scalb(1.0, signal.signed() ? signal.length() - 1 : signal.length());
    }

    private static long whole(double rounded) {
        return rounded < 0x1p63 ? (long) rounded : (long) (rounded - 0x1p63) ^ Long.MIN_VALUE;
    }
}

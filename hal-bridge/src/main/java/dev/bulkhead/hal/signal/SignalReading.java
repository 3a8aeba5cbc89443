package dev.bulkhead.hal.signal;

import org.jspecify.annotations.Nullable;

/**
 * One reading of one signal, to be filled again and again so that reading allocates nothing. Not thread-safe: each reader owns one.
 */
public final class SignalReading {
    /** The timestamp of a signal that has no value. */
    public static final long NEVER = Long.MIN_VALUE;

    private long bits;
    private long timeNanos = NEVER;
    private long dropped;
    private @Nullable SignalValue object;

    void set(long newBits, @Nullable SignalValue newObject, long newTimeNanos, long newDropped) {
        bits = newBits;
        object = newObject;
        timeNanos = newTimeNanos;
        dropped = newDropped;
    }

    /** False when the signal has no value, be it never published or withdrawn. */
    public boolean present() {
        return timeNanos != NEVER;
    }

    /** The scalar's bits, see {@link Datatype}; 0 for text and arrays or when not present. */
    public long bits() {
        return bits;
    }

    /** When the value was sampled, on the vehicle clock; {@link #NEVER} when not present. */
    public long timeNanos() {
        return timeNanos;
    }

    /** How many values a subscription lost since the reading before this one; 0 for plain reads. */
    public long dropped() {
        return dropped;
    }

    /** The text or array; null for scalars or when not present. */
    public @Nullable SignalValue object() {
        return object;
    }

    /** True when the value is older than {@code limitNanos} at {@code nowNanos}, or not present. A limit of 0 means never stale. */
    public boolean stale(long nowNanos, long limitNanos) {
        return !present() || (limitNanos > 0 && nowNanos - timeNanos > limitNanos);
    }
}

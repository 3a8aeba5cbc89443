package dev.bulkhead.hal.signal;

import org.jspecify.annotations.Nullable;

/** A ring of values that overwrites its oldest when full. Grows up to its bound as needed. Not thread-safe. */
final class ValueRing {
    private final int bound;
    private long[] bits;
    private long[] times;
    private @Nullable SignalValue[] objects;
    private int first;
    private int size;

    ValueRing(int bound) {
        this.bound = bound;
        int start = Math.min(bound, 8);
        bits = new long[start];
        times = new long[start];
        objects = new @Nullable SignalValue[start];
    }

    boolean isEmpty() {
        return size == 0;
    }

    int size() {
        return size;
    }

    /** Adds a value; returns true when the oldest had to go. */
    boolean put(long newBits, @Nullable SignalValue newObject, long newTime) {
        boolean full = size == bound;
        if (full) {
            first = wrap(first + 1);
            size--;
        } else if (size == bits.length) {
            grow();
        }
        int at = wrap(first + size++);
        bits[at] = newBits;
        times[at] = newTime;
        objects[at] = newObject;
        return full;
    }

    boolean take(SignalReading reading, long dropped) {
        if (size == 0) {
            return false;
        }
        reading.set(bits[first], objects[first], times[first], dropped);
        objects[first] = null;
        first = wrap(first + 1);
        size--;
        return true;
    }

    private int wrap(int index) {
        return index >= bits.length ? index - bits.length : index;
    }

    private void grow() {
        int grown = Math.min(bound, bits.length * 2);
        long[] newBits = new long[grown];
        long[] newTimes = new long[grown];
        @Nullable SignalValue[] newObjects = new @Nullable SignalValue[grown];
        for (int i = 0; i < size; i++) {
            int from = wrap(first + i);
            newBits[i] = bits[from];
            newTimes[i] = times[from];
            newObjects[i] = objects[from];
        }
        bits = newBits;
        times = newTimes;
        objects = newObjects;
        first = 0;
    }
}

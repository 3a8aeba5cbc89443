package dev.bulkhead.agent.host;

import dev.bulkhead.contract.abi.EventKind;
import dev.bulkhead.contract.abi.EventRecord;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Event records in the making, reused from delivery to delivery. Strand only. */
public final class EventWriter {
    private static final VarHandle SHORT = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private final byte[] records;
    private final int capacity;
    private int count;

    public EventWriter(int capacity) {
        this.capacity = capacity;
        this.records = new byte[capacity * EventRecord.BYTES];
    }

    void add(EventKind kind, int status, int handle, long dropped, long aux, long value, long timeNanos) {
        int at = count++ * EventRecord.BYTES;
        SHORT.set(records, at + EventRecord.KIND, (short) kind.code());
        SHORT.set(records, at + EventRecord.STATUS, (short) status);
        INT.set(records, at + EventRecord.HANDLE, handle);
        INT.set(records, at + EventRecord.DROPPED, unsigned(dropped));
        INT.set(records, at + EventRecord.AUX, unsigned(aux));
        LONG.set(records, at + EventRecord.VALUE, value);
        LONG.set(records, at + EventRecord.TIME, timeNanos);
    }

    private static int unsigned(long number) {
        return (int) Math.min(number, 0xFFFF_FFFFL);
    }

    int room() {
        return capacity - count;
    }

    public int count() {
        return count;
    }

    /** The records; those behind {@link #count()} are of earlier deliveries. */
    public byte[] records() {
        return records;
    }

    public void clear() {
        count = 0;
    }
}

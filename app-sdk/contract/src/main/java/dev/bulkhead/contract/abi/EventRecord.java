package dev.bulkhead.contract.abi;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * One 32-byte little-endian event in the app's event buffer:
 * {@code u16 kind, u16 status, i32 handle, u32 dropped, u32 aux, i64 value bits, i64 time ns}.
 *
 * @param status a {@link Status} code; stored in 16 bits, sign kept
 * @param dropped unsigned
 * @param aux unsigned
 */
public record EventRecord(
        EventKind kind, Status status, int handle, int dropped, int aux, long valueBits, long timeNanos) {
    public static final int BYTES = 32;
    public static final int KIND = 0;
    public static final int STATUS = 2;
    public static final int HANDLE = 4;
    public static final int DROPPED = 8;
    public static final int AUX = 12;
    public static final int VALUE = 16;
    public static final int TIME = 24;

    /** Writes the record at {@code offset}. The array must have 32 bytes from there. */
    public void write(byte[] into, int offset) {
        ByteBuffer.wrap(into, offset, BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putShort((short) kind.code())
                .putShort((short) status.code())
                .putInt(handle)
                .putInt(dropped)
                .putInt(aux)
                .putLong(valueBits)
                .putLong(timeNanos);
    }
}

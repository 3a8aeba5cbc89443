package dev.bulkhead.hal.can;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The 80-byte little-endian slot in which frames cross to guests: {@code i64} time ns, then a 72-byte {@code canfd_frame}: {@code u32}
 * identifier word, {@code u8} length, {@code u8} flags (bit 2, Linux {@code CANFD_FDF}, marks an FD frame), two reserved bytes, 64 bytes of data.
 */
public final class CanSlot {
    public static final int BYTES = 80;
    /** Bytes of the frame inside the slot; as Linux writes it. */
    public static final int FRAME_BYTES = 72;

    private static final int FDF = 4;
    private static final int FRAME = 8;
    private static final int LENGTH = 4;
    private static final int FLAGS = 5;
    private static final int DATA = 8;

    private CanSlot() {}

    /** Writes frame and time at {@code offset}; the buffer's order must be little-endian and have room. */
    public static void write(ByteBuffer slots, int offset, CanFrame frame, long timeNanos) {
        requireLittleEndian(slots);
        slots.putLong(offset, timeNanos);
        slots.putInt(offset + FRAME, frame.idWord());
        slots.put(offset + FRAME + LENGTH, (byte) frame.length());
        slots.put(offset + FRAME + FLAGS, (byte) (frame.isFd() ? frame.flags() | FDF : 0));
        slots.putShort(offset + FRAME + FLAGS + 1, (short) 0);
        byte[] data = frame.dataForReading();
        slots.put(offset + FRAME + DATA, data);
        for (int i = data.length; i < 64; i++) {
            slots.put(offset + FRAME + DATA + i, (byte) 0);
        }
    }

    /**
     * Reads the frame at {@code offset}; the time is the host's to give and is ignored.
     *
     * @throws CanFrame.CanFormException when it is none that can exist
     */
    public static CanFrame read(ByteBuffer slots, int offset) {
        requireLittleEndian(slots);
        int length = slots.get(offset + FRAME + LENGTH) & 0xFF;
        int flags = slots.get(offset + FRAME + FLAGS);
        boolean fd = (flags & FDF) != 0 || length > 8;
        byte[] data = new byte[64];
        slots.get(offset + FRAME + DATA, data);
        return CanFrame.of(slots.getInt(offset + FRAME), fd, flags, length, data, 0);
    }

    private static void requireLittleEndian(ByteBuffer slots) {
        if (slots.order() != ByteOrder.LITTLE_ENDIAN) {
            throw new IllegalArgumentException("guest slots are little-endian");
        }
    }
}

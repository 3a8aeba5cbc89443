package dev.bulkhead.agent.files;

import dev.bulkhead.agent.sandbox.GuestMemory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** One page of guest memory. What lies outside throws. */
public class ArrayMemory implements GuestMemory {
    public static final int SIZE = 65_536;

    private final ByteBuffer bytes = ByteBuffer.allocate(SIZE).order(ByteOrder.LITTLE_ENDIAN);

    /** Writes a text and answers where. */
    public int put(int address, String text) {
        bytes.put(address, text.getBytes(StandardCharsets.UTF_8));
        return address;
    }

    @Override
    public long size() {
        return SIZE;
    }

    @Override
    public boolean contains(int address, int length) {
        return Integer.toUnsignedLong(address) + Integer.toUnsignedLong(length) <= SIZE;
    }

    @Override
    public byte readByte(int address) {
        return bytes.get(address);
    }

    @Override
    public short readShort(int address) {
        return bytes.getShort(address);
    }

    @Override
    public int readInt(int address) {
        return bytes.getInt(address);
    }

    @Override
    public long readLong(int address) {
        return bytes.getLong(address);
    }

    @Override
    public void writeByte(int address, byte value) {
        bytes.put(address, value);
    }

    @Override
    public void writeShort(int address, short value) {
        bytes.putShort(address, value);
    }

    @Override
    public void writeInt(int address, int value) {
        bytes.putInt(address, value);
    }

    @Override
    public void writeLong(int address, long value) {
        bytes.putLong(address, value);
    }

    @Override
    public byte[] read(int address, int length) {
        byte[] copy = new byte[length];
        bytes.get(address, copy);
        return copy;
    }

    @Override
    public void read(int address, byte[] target, int offset, int length) {
        bytes.get(address, target, offset, length);
    }

    @Override
    public void write(int address, byte[] source, int offset, int length) {
        bytes.put(address, source, offset, length);
    }
}

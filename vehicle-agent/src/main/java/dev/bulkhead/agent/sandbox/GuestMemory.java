package dev.bulkhead.agent.sandbox;

/**
 * The linear memory of one instance, as host functions see it. Addresses are the guest's {@code i32} read as unsigned. Check a range once
 * with {@link #contains} (overflow-safe) and answer {@code FAULT} if it is outside; the accessors throw {@link IndexOutOfBoundsException} otherwise.
 * Little-endian. Only the instance's strand may touch it.
 */
public interface GuestMemory {
    /** Size in bytes now; grows only by the guest's own {@code memory.grow}. */
    long size();

    /** Whether {@code length} bytes (unsigned) from {@code address} (unsigned) lie inside. A length of 0 at the very end is inside. */
    boolean contains(int address, int length);

    byte readByte(int address);

    short readShort(int address);

    int readInt(int address);

    long readLong(int address);

    default double readDouble(int address) {
        return Double.longBitsToDouble(readLong(address));
    }

    void writeByte(int address, byte value);

    void writeShort(int address, short value);

    void writeInt(int address, int value);

    void writeLong(int address, long value);

    default void writeDouble(int address, double value) {
        writeLong(address, Double.doubleToRawLongBits(value));
    }

    /**
     * Rises with everything the guest does, by one for an instruction or so, and leaps when the guest was held back or entered anew; −1 where nobody
     * counts. While it has moved little, little time has passed: cheaper than a clock for what need not be exact to a microsecond.
     */
    default long progress() {
        return -1;
    }

    /** Charges the guest for work the host does for it, in units of fuel; where nobody counts it costs nothing. */
    default void work(int units) {}

    /**
     * Has the guest's CPU time looked at before its fuel is gone. Called when a host function has done its work and holds nothing; may park.
     *
     * @throws KillException if the guest must end
     */
    default void look() {}

    /** A copy of the range. */
    byte[] read(int address, int length);

    /** Copies guest bytes into {@code target}. */
    void read(int address, byte[] target, int offset, int length);

    void write(int address, byte[] source, int offset, int length);

    default void write(int address, byte[] source) {
        write(address, source, 0, source.length);
    }
}

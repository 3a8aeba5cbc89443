package dev.bulkhead.agent.ota;

/**
 * How a file is cut into blocks: all of {@code blockSize} bytes but the last, which holds the rest (ota.md, Transport).
 *
 * @param length of the file, 1 byte to 1 GiB
 * @param blockSize in bytes, 1 KiB to 4 MiB; 128 KiB by convention
 */
record BlockLayout(long length, int blockSize) {
    static final long MOST_BYTES = 1L << 30;
    private static final int LEAST_BLOCK = 1 << 10;
    private static final int MOST_BLOCK = 4 << 20;

    BlockLayout {
        if (length < 1 || length > MOST_BYTES) {
            throw new IllegalArgumentException("a file of " + length + " bytes is outside 1.." + MOST_BYTES);
        }
        if (blockSize < LEAST_BLOCK || blockSize > MOST_BLOCK) {
            throw new IllegalArgumentException(
                    "block size " + blockSize + " is outside " + LEAST_BLOCK + ".." + MOST_BLOCK);
        }
    }

    int count() {
        return Math.toIntExact((length + blockSize - 1) / blockSize);
    }

    boolean contains(long index) {
        return index >= 0 && index < count();
    }

    long offset(int index) {
        return (long) index * blockSize;
    }

    /** Bytes of one block. */
    int size(int index) {
        return (int) Math.min(blockSize, length - offset(index));
    }
}

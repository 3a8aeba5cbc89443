package dev.bulkhead.agent.files;

/** An open file or folder. Strand only. */
final class Descriptor {
    /** The flag that moves each write to the end. */
    private static final int APPEND = 1;

    private static final int ALL_FLAGS = 0x1F;

    private final Volume volume;
    private final String path;
    private final FileNode node;
    private long offset;
    private int flags;

    Descriptor(Volume volume, String path, FileNode node, int flags) {
        this.volume = volume;
        this.path = path;
        this.node = node;
        flags(flags);
    }

    Volume volume() {
        return volume;
    }

    /** Where it lay within its volume when it was opened. */
    String path() {
        return path;
    }

    FileNode node() {
        return node;
    }

    long offset() {
        return offset;
    }

    void offset(long to) {
        offset = to;
    }

    int flags() {
        return flags;
    }

    void flags(int set) {
        flags = set & ALL_FLAGS;
    }

    boolean appends() {
        return (flags & APPEND) != 0;
    }
}

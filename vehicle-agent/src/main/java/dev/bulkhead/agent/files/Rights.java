package dev.bulkhead.agent.files;

/** WASI's rights, a bit each. */
final class Rights {
    static final long ALL = (1L << 29) - 1;

    /** To write, to allocate, to set the size: who asks for one of them means to change the file. */
    private static final long WRITING = 1L << 6 | 1L << 8 | 1L << 22;

    /** To read, seek, set flags and tell; to open, list and look at what lies in a folder; to ask for facts. */
    private static final long READING =
            1L << 1 | 1L << 2 | 1L << 3 | 1L << 5 | 1L << 13 | 1L << 14 | 1L << 18 | 1L << 21;

    private Rights() {}

    static boolean toWrite(long asked) {
        return (asked & WRITING) != 0;
    }

    static long of(Volume volume) {
        return switch (volume) {
            case ScratchTree _ -> ALL;
            case AssetVolume _ -> READING;
        };
    }
}

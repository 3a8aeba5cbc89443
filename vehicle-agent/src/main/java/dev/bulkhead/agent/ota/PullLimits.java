package dev.bulkhead.agent.ota;

import java.time.Duration;

/**
 * The bounds of pulling one file.
 *
 * @param window blocks on their way at once, 1 to 64; 8 to 16 by convention (ota.md)
 * @param badBlocks blocks that may fail verification before the pull is given up, 0 to 1000
 * @param stalls silences in a row before the pull is given up, 0 to 1000
 * @param patience longest silence before asking again
 * @param fileBytes the longest file accepted, at most {@link BlockLayout#MOST_BYTES}
 */
public record PullLimits(int window, int badBlocks, int stalls, Duration patience, long fileBytes) {
    /** 16 blocks, 8 bad ones, 10 silences of 20 s, 64 MiB. */
    public static final PullLimits STANDARD = new PullLimits(16, 8, 10, Duration.ofSeconds(20), 64L << 20);

    public PullLimits {
        require("window", window, 1, 64);
        require("bad blocks", badBlocks, 0, 1000);
        require("stalls", stalls, 0, 1000);
        require("file bytes", fileBytes, 1, BlockLayout.MOST_BYTES);
        if (patience.toNanos() <= 0) {
            throw new IllegalArgumentException("patience must be longer than nothing, not " + patience);
        }
    }

    private static void require(String what, long value, long least, long most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(what + " " + value + " is outside " + least + ".." + most);
        }
    }
}

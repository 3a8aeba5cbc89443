package dev.bulkhead.cli.output;

import java.util.Locale;

/** Numbers as people read them. */
public final class Quantity {
    private static final String[] BINARY = {"B", "KiB", "MiB", "GiB", "TiB"};
    private static final int BAR_WIDTH = 8;

    private Quantity() {}

    /** A size such as {@code 1.5 MiB}. */
    public static String bytes(long bytes) {
        double value = bytes;
        int unit = 0;
        while (value >= 1024 && unit < BINARY.length - 1) {
            value /= 1024;
            unit++;
        }
        return unit == 0
                ? bytes + " B"
                : String.format(Locale.ROOT, value < 10 ? "%.1f %s" : "%.0f %s", value, BINARY[unit]);
    }

    /** A duration such as {@code 2m 5s}; {@code 350 ms} below a second. */
    public static String millis(long millis) {
        long seconds = millis / 1000;
        if (seconds < 1) {
            return millis + " ms";
        }
        if (seconds < 60) {
            return seconds + "s";
        }
        return seconds < 3600
                ? seconds / 60 + "m " + seconds % 60 + "s"
                : seconds / 3600 + "h " + seconds / 60 % 60 + "m";
    }

    /** A bar with its percentage, for a share of 0 to 1. */
    public static String bar(double share) {
        double inRange = Math.clamp(share, 0, 1);
        int filled = (int) Math.round(inRange * BAR_WIDTH);
        return "▮".repeat(filled)
                + "▯".repeat(BAR_WIDTH - filled)
                + String.format(Locale.ROOT, " %3.0f%%", share * 100);
    }
}

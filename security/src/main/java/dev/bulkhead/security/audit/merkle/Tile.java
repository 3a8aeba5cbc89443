package dev.bulkhead.security.audit.merkle;

import java.util.Locale;

/**
 * The place of a tile in C2SP tlog-tiles: {@code level} counts tiles (each eight tree levels high), {@code index} from
 * the left, {@code width} is how many of its 256 hashes exist.
 */
public record Tile(int level, long index, int width) {
    /** Tree levels in a tile. */
    public static final int HEIGHT = 8;
    /** Hashes in a full tile. */
    public static final int WIDTH = 1 << HEIGHT;
    /** More levels than any tree of 2⁶³ leaves has. */
    public static final int MAX_LEVEL = 7;

    /** Checks the bounds. */
    public Tile {
        if (level < 0 || level > MAX_LEVEL || index < 0 || width < 1 || width > WIDTH) {
            throw new IllegalArgumentException("no tile at level " + level + ", index " + index + ", width " + width);
        }
    }

    /** How many hashes stand at this tile level in a tree of {@code size} leaves. */
    public static long hashesAt(int level, long size) {
        return size >>> (HEIGHT * level);
    }

    /** The path below the log's root, for instance {@code tile/0/x001/x234/067.p/12}. */
    public String path() {
        return "tile/" + level + "/" + indexPath(index) + (width == WIDTH ? "" : ".p/" + width);
    }

    /** The path of the bundle of entries that belongs to this tile of level 0. */
    public String entriesPath() {
        return "tile/entries/" + indexPath(index) + (width == WIDTH ? "" : ".p/" + width);
    }

    private static String indexPath(long index) {
        String path = String.format(Locale.ROOT, "%03d", index % 1000);
        for (long rest = index / 1000; rest > 0; rest /= 1000) {
            path = String.format(Locale.ROOT, "x%03d/", rest % 1000) + path;
        }
        return path;
    }
}

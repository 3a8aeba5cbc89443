package dev.bulkhead.security.audit.evidence;

import dev.bulkhead.security.audit.EntryChunk;
import dev.bulkhead.security.audit.merkle.Hash;
import dev.bulkhead.security.audit.merkle.Tile;
import java.util.Iterator;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/** Which files a log of some size has (C2SP tlog-tiles). */
final class LogLayout {
    static final String CHECKPOINT = "checkpoint";
    static final String HISTORY = "checkpoints";
    static final int MAX_TILE = Tile.WIDTH * Hash.SIZE;
    static final int MAX_BUNDLE = Tile.WIDTH * (EntryChunk.MAX_ENTRY + 2);
    static final int MAX_HISTORY = 256 << 20;

    private LogLayout() {}

    /** All tiles of hashes, level by level from the left. */
    static Iterable<Tile> tiles(long size) {
        return () -> stream(size).iterator();
    }

    private static Stream<Tile> stream(long size) {
        return LongStream.rangeClosed(0, Tile.MAX_LEVEL)
                .boxed()
                .flatMap(level -> level(level.intValue(), Tile.hashesAt(level.intValue(), size)));
    }

    private static Stream<Tile> level(int level, long hashes) {
        return LongStream.range(0, (hashes + Tile.WIDTH - 1) / Tile.WIDTH)
                .mapToObj(index -> new Tile(level, index, (int) Math.min(Tile.WIDTH, hashes - index * Tile.WIDTH)));
    }

    /** The tiles of level 0, which are the bundles of entries too. */
    static Iterator<Tile> bundles(long size) {
        return level(0, size).iterator();
    }
}

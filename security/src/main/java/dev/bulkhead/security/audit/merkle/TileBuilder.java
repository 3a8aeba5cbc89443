package dev.bulkhead.security.audit.merkle;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Grows the tiles of a log leaf by leaf. Holds the unfinished tile of each level only; finished ones are handed out.
 * Not thread-safe. Work on a {@link #copy()} when the result may have to be thrown away.
 */
public final class TileBuilder {
    private static final int TILE_BYTES = Tile.WIDTH * Hash.SIZE;

    private final TreeHasher hasher = new TreeHasher();
    private final List<byte[]> unfinished;
    private final List<Tile> finished = new ArrayList<>();
    private final List<byte[]> finishedHashes = new ArrayList<>();
    private long size;
    private long drainedSize;

    /** A tile and its hashes, to be stored under the tile's level and index. */
    @FunctionalInterface
    public interface Sink<E extends Exception> {
        /** Takes a tile; {@code hashes} may be kept. */
        void accept(Tile tile, byte[] hashes) throws E;
    }

    /** The builder of an empty log. */
    public TileBuilder() {
        this(new ArrayList<>(), 0);
    }

    private TileBuilder(List<byte[]> unfinished, long size) {
        this.unfinished = unfinished;
        this.size = size;
        this.drainedSize = size;
    }

    /**
     * Goes on where a log of {@code size} leaves ended.
     *
     * @throws MerkleException if an unfinished tile cannot be read
     */
    public static TileBuilder resume(TileSource tiles, long size) {
        List<byte[]> unfinished = new ArrayList<>();
        for (int level = 0; Tile.hashesAt(level, size) > 0; level++) {
            byte[] tile = new byte[TILE_BYTES];
            long hashes = Tile.hashesAt(level, size);
            int width = (int) (hashes % Tile.WIDTH);
            if (width > 0) {
                byte[] stored = tiles.read(new Tile(level, hashes / Tile.WIDTH, width));
                System.arraycopy(stored, 0, tile, 0, width * Hash.SIZE);
            }
            unfinished.add(tile);
        }
        return new TileBuilder(unfinished, size);
    }

    /** An independent builder in the same state; nothing may be waiting in this one. */
    public TileBuilder copy() {
        List<byte[]> tiles = new ArrayList<>();
        unfinished.forEach(tile -> tiles.add(tile.clone()));
        return new TileBuilder(tiles, size);
    }

    /** The number of leaves. */
    public long size() {
        return size;
    }

    /** Adds a leaf. */
    public void append(Hash leafHash) {
        Hash hash = leafHash;
        long position = size++;
        for (int level = 0; ; level++) {
            if (level == unfinished.size()) {
                unfinished.add(new byte[TILE_BYTES]);
            }
            byte[] tile = unfinished.get(level);
            int place = (int) (position % Tile.WIDTH);
            hash.copyTo(tile, place * Hash.SIZE);
            if (place < Tile.WIDTH - 1) {
                return;
            }
            position /= Tile.WIDTH;
            finished.add(new Tile(level, position, Tile.WIDTH));
            finishedHashes.add(tile);
            unfinished.set(level, new byte[TILE_BYTES]);
            hash = rootOf(tile);
        }
    }

    private Hash rootOf(byte[] tile) {
        var row = new Hash[Tile.WIDTH];
        for (int i = 0; i < row.length; i++) {
            row[i] = Hash.at(tile, i * Hash.SIZE);
        }
        for (int width = Tile.WIDTH / 2; width > 0; width /= 2) {
            for (int i = 0; i < width; i++) {
                row[i] = hasher.node(row[2 * i], row[2 * i + 1]);
            }
        }
        return row[0];
    }

    /** Hands out the full tiles that were completed since the last call, so that memory stays small on a long walk. */
    public <E extends Exception> void drainFinished(Sink<E> sink) throws E {
        for (int i = 0; i < finished.size(); i++) {
            sink.accept(finished.get(i), finishedHashes.get(i));
        }
        finished.clear();
        finishedHashes.clear();
    }

    /** Hands out every tile that changed since the last call, finished ones first. */
    public <E extends Exception> void drain(Sink<E> sink) throws E {
        drainFinished(sink);
        for (int level = 0; level < unfinished.size(); level++) {
            long hashes = Tile.hashesAt(level, size);
            int width = (int) (hashes % Tile.WIDTH);
            if (width > 0 && hashes != Tile.hashesAt(level, drainedSize)) {
                byte[] tile = Arrays.copyOf(unfinished.get(level), width * Hash.SIZE);
                sink.accept(new Tile(level, hashes / Tile.WIDTH, width), tile);
            }
        }
        drainedSize = size;
    }

    /** The root over all leaves. */
    public Hash root() {
        return new MerkleTree(new TiledSubtrees(tile -> unfinished.get(tile.level()), size), size).root();
    }
}

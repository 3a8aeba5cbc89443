package dev.bulkhead.security.audit.merkle;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Subtree hashes computed from tiles; one tile answers for eight levels. Keeps the last few tiles, as full pyramids of
 * 512 hashes. Not thread-safe; make one for each question, it is cheap.
 */
public final class TiledSubtrees implements SubtreeHashes {
    private static final int KEPT = 16;

    private final TileSource source;
    private final long size;
    private final TreeHasher hasher = new TreeHasher();
    private final Map<Long, @Nullable Hash[]> kept = new LinkedHashMap<>();

    /** Over a tree of {@code size} leaves. */
    public TiledSubtrees(TileSource source, long size) {
        this.source = source;
        this.size = size;
    }

    @Override
    public Hash at(int level, long index) {
        int tileLevel = level / Tile.HEIGHT;
        int height = level % Tile.HEIGHT;
        long tileIndex = index >>> (Tile.HEIGHT - height);
        @Nullable Hash[] pyramid = pyramid(tileLevel, tileIndex);
        int place = (int) (index & ((Tile.WIDTH >>> height) - 1));
        // row h of the pyramid starts at WIDTH >> h, like a heap with its leaves last
        Hash hash = pyramid[(Tile.WIDTH >>> height) + place];
        if (hash == null) {
            throw new MerkleException("subtree " + index + " of level " + level + " is not complete at size " + size);
        }
        return hash;
    }

    private @Nullable Hash[] pyramid(int level, long index) {
        long key = ((long) level << 56) | index;
        @Nullable Hash[] pyramid = kept.get(key);
        if (pyramid == null) {
            pyramid = build(level, index);
            if (kept.size() >= KEPT) {
                kept.remove(kept.keySet().iterator().next());
            }
            kept.put(key, pyramid);
        }
        return pyramid;
    }

    private @Nullable Hash[] build(int level, long index) {
        long width = Math.min(Tile.WIDTH, Tile.hashesAt(level, size) - index * Tile.WIDTH);
        if (width <= 0) {
            throw new MerkleException("tile " + index + " of level " + level + " lies beyond size " + size);
        }
        var tile = new Tile(level, index, (int) width);
        byte[] hashes = source.read(tile);
        if (hashes.length < width * Hash.SIZE) {
            throw new MerkleException(tile.path() + " holds " + hashes.length + " bytes, not " + width * Hash.SIZE);
        }
        return pyramid(hashes, (int) width);
    }

    private @Nullable Hash[] pyramid(byte[] hashes, int width) {
        var pyramid = new Hash[2 * Tile.WIDTH];
        for (int i = 0; i < width; i++) {
            pyramid[Tile.WIDTH + i] = Hash.at(hashes, i * Hash.SIZE);
        }
        for (int i = Tile.WIDTH - 1; i > 0; i--) {
            Hash left = pyramid[2 * i];
            Hash right = pyramid[2 * i + 1];
            if (left != null && right != null) {
                pyramid[i] = hasher.node(left, right);
            }
        }
        return pyramid;
    }
}

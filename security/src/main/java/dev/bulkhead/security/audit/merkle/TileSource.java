package dev.bulkhead.security.audit.merkle;

/** Where the hashes of tiles lie: a table, a folder. */
@FunctionalInterface
public interface TileSource {
    /**
     * The hashes of a tile one after the other, at least {@code tile.width()} of them.
     *
     * @throws MerkleException if there are fewer
     */
    byte[] read(Tile tile);
}

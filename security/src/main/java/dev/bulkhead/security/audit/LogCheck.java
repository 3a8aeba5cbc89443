package dev.bulkhead.security.audit;

import dev.bulkhead.contract.proto.AuditEntry;
import dev.bulkhead.security.audit.AuditSettings.OpenCheck;
import dev.bulkhead.security.audit.merkle.GrowingTree;
import dev.bulkhead.security.audit.merkle.Hash;
import dev.bulkhead.security.audit.merkle.MerkleException;
import dev.bulkhead.security.audit.merkle.Tile;
import dev.bulkhead.security.audit.merkle.TileBuilder;
import dev.bulkhead.security.audit.merkle.TreeHasher;
import dev.bulkhead.security.audit.note.Checkpoint;
import dev.bulkhead.security.audit.note.NoteException;
import dev.bulkhead.security.audit.note.NoteKey;
import dev.bulkhead.security.audit.note.SignedNote;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;

/** Compares a stored log with itself before it is continued. */
final class LogCheck {
    private static final long NEWEST = 262_144;

    private final LogReader reader;
    private final NoteKey key;
    private final long newest;
    private final TreeHasher hasher = new TreeHasher();

    LogCheck(LogReader reader, NoteKey key) {
        this(reader, key, NEWEST);
    }

    /** With another bound on what counts as newest. */
    LogCheck(LogReader reader, NoteKey key, long newest) {
        this.reader = reader;
        this.key = key;
        this.newest = newest;
    }

    /** Throws a {@link DamagedLogException} at the first contradiction. */
    void run(OpenCheck depth) {
        try {
            newestCheckpoint();
            switch (depth) {
                case EVERYTHING -> everything();
                case NEWEST -> newest();
            }
        } catch (MerkleException e) {
            throw new DamagedLogException("the tree of the audit log is damaged: " + e.getMessage(), e);
        }
    }

    private void newest() {
        if (reader.size() <= newest) {
            everything();
        } else {
            entriesAgainstTiles(Math.max(reader.firstRetained(), reader.size() - newest));
        }
    }

    private void newestCheckpoint() {
        if (reader.newestCheckpoint().isEmpty()) {
            return;
        }
        Checkpoint checkpoint;
        try {
            checkpoint = Checkpoint.open(reader.newestCheckpoint().get(), key);
        } catch (NoteException e) {
            throw new DamagedLogException("the newest checkpoint of the audit log is not ours: " + e.getMessage(), e);
        }
        if (checkpoint.size() > reader.size()) {
            throw new DamagedLogException(
                    reader.size(),
                    "the log ends at " + reader.size() + ", but a checkpoint signs " + checkpoint.size());
        }
        requireRoot(checkpoint, reader.tree(checkpoint.size()).root());
    }

    private static void requireRoot(Checkpoint checkpoint, Hash root) {
        if (!root.equals(checkpoint.root())) {
            throw new DamagedLogException(
                    checkpoint.size() - 1,
                    "the tree of the first " + checkpoint.size() + " entries has root " + root + ", but "
                            + checkpoint.root() + " was signed");
        }
    }

    private void entriesAgainstTiles(long from) {
        var leaves = new StoredLeaves();
        reader.visit(from, reader.size(), (index, bytes) -> {
            requireLeaf(index, hasher.leaf(bytes), leaves.at(index));
            return true;
        });
    }

    private static void requireLeaf(long index, Hash computed, Hash stored) {
        if (!computed.equals(stored)) {
            throw new DamagedLogException(
                    index,
                    "entry " + index + " does not match the tree: it hashes to " + computed + ", the tree has "
                            + stored);
        }
    }

    private void everything() {
        Deque<Checkpoint> signed = new ArrayDeque<>();
        reader.visitCheckpoints((size, note) -> signed.add(parse(size, note)));
        var leaves = new StoredLeaves();
        var tiles = new TileBuilder();
        var roots = new GrowingTree();
        long[] dropped = {0};
        long first = reader.firstRetained();
        for (long index = 0; index < first; index++) {
            grow(leaves.at(index), tiles, roots, signed);
        }
        reader.visit(first, reader.size(), (index, bytes) -> {
            requireLeaf(index, hasher.leaf(bytes), leaves.at(index));
            dropped[0] = Math.max(dropped[0], droppedBefore(index, bytes));
            grow(leaves.at(index), tiles, roots, signed);
            return true;
        });
        tiles.drain(this::requireTile);
        if (first > dropped[0]) {
            throw new DamagedLogException(
                    dropped[0],
                    "the entries " + dropped[0] + ".." + (first - 1) + " are missing, nothing dropped them");
        }
    }

    private static Checkpoint parse(long size, byte[] note) {
        try {
            Checkpoint checkpoint = Checkpoint.parse(SignedNote.parse(note).text());
            if (checkpoint.size() == size) {
                return checkpoint;
            }
        } catch (NoteException e) {
            throw new DamagedLogException("the checkpoint at " + size + " is damaged: " + e.getMessage(), e);
        }
        throw new DamagedLogException(size, "the checkpoint stored at " + size + " is one of another size");
    }

    private void grow(Hash leaf, TileBuilder tiles, GrowingTree roots, Deque<Checkpoint> signed) {
        requireRoots(roots, signed);
        tiles.append(leaf);
        roots.appendLeaf(leaf);
        requireRoots(roots, signed);
        if (tiles.size() % (Tile.WIDTH * Tile.WIDTH) == 0) {
            tiles.drainFinished(this::requireTile);
        }
    }

    private static void requireRoots(GrowingTree roots, Deque<Checkpoint> signed) {
        while (!signed.isEmpty() && signed.getFirst().size() == roots.size()) {
            requireRoot(signed.removeFirst(), roots.root());
        }
    }

    private void requireTile(Tile tile, byte[] hashes) {
        byte[] stored = reader.tile(tile);
        if (!Arrays.equals(stored, hashes)) {
            long first = tile.index() << (Tile.HEIGHT * (tile.level() + 1));
            throw new DamagedLogException(first, tile.path() + " is not the hashes of the entries beneath it");
        }
    }

    private static long droppedBefore(long index, byte[] bytes) {
        AuditEntry entry = LogReader.parse(index, bytes);
        return entry.hasDropped() ? entry.getDropped().getBefore() : 0;
    }

    /** The leaf hashes of the level-0 tiles, one tile at a time. */
    private final class StoredLeaves {
        private byte[] hashes = new byte[0];
        private long loaded = -1;

        Hash at(long index) {
            long tile = index / Tile.WIDTH;
            if (tile != loaded) {
                long width = Math.min(Tile.WIDTH, reader.size() - tile * Tile.WIDTH);
                hashes = reader.tile(new Tile(0, tile, (int) width));
                loaded = tile;
            }
            return Hash.at(hashes, (int) (index % Tile.WIDTH) * Hash.SIZE);
        }
    }
}

package dev.bulkhead.security.audit;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.bulkhead.contract.proto.AuditEntry;
import dev.bulkhead.security.audit.merkle.Hash;
import dev.bulkhead.security.audit.merkle.MerkleException;
import dev.bulkhead.security.audit.merkle.MerkleTree;
import dev.bulkhead.security.audit.merkle.Tile;
import dev.bulkhead.security.audit.merkle.TiledSubtrees;
import dev.bulkhead.security.audit.note.NoteKey;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Reads a log that may grow meanwhile: entries, tiles, checkpoints, proofs. Sees what is durable. Not thread-safe; open
 * one for each thread.
 */
public final class LogReader implements AutoCloseable {
    private final Connection connection;

    LogReader(Connection connection) {
        this.connection = connection;
    }

    /**
     * Opens the log in {@code file} for reading; its writer may be at work.
     *
     * @throws AuditException if there is none
     */
    public static LogReader open(Path file) {
        try {
            return new LogReader(LogSchema.openForReading(file));
        } catch (SQLException e) {
            throw new AuditException("the audit log " + file + " cannot be read: " + e.getMessage(), e);
        }
    }

    /** Receives entries in order. */
    @FunctionalInterface
    public interface EntryVisitor {
        /** Takes the entry at {@code index}; returns whether to go on. */
        boolean visit(long index, byte[] entry);
    }

    /** The log's name. */
    public String origin() {
        return ask("origin", () -> LogSchema.meta(connection, "origin"));
    }

    /**
     * The key that signs the log's heads, as the log itself says: a convenience on the vehicle. Who wants a proof has
     * the key from elsewhere.
     */
    public NoteKey claimedKey() {
        return NoteKey.parse(ask("key", () -> LogSchema.meta(connection, "key")));
    }

    /** How many entries the log has. */
    public long size() {
        return ask("size", () -> {
            try (PreparedStatement select = connection.prepareStatement(
                    "SELECT place, length(hashes) FROM hashes WHERE place < ? ORDER BY place DESC LIMIT 1")) {
                select.setLong(1, LogSchema.place(1, 0));
                try (ResultSet row = select.executeQuery()) {
                    return row.next() ? row.getLong(1) * Tile.WIDTH + row.getLong(2) / Hash.SIZE : 0L;
                }
            }
        });
    }

    /** The first entry whose data is kept; the hashes of all are. Equals {@link #size()} in an empty log. */
    public long firstRetained() {
        return ask("first entry", () -> {
            try (PreparedStatement select = connection.prepareStatement("SELECT min(first) FROM chunk");
                    ResultSet row = select.executeQuery()) {
                long first = row.next() ? row.getLong(1) : 0;
                return row.wasNull() ? size() : first;
            }
        });
    }

    long newestMillis() {
        long size = size();
        return size == 0 || size <= firstRetained()
                ? 0
                : parse(size - 1, entry(size - 1)).getUnixMs();
    }

    /**
     * The bytes of one entry.
     *
     * @throws AuditException if there is no such entry, or its data was dropped
     */
    public byte[] entry(long index) {
        Objects.checkIndex(index, size());
        byte[][] found = new byte[1][];
        visit(index, index + 1, (at, bytes) -> {
            found[0] = bytes;
            return false;
        });
        return found[0];
    }

    /** The first entry whose data is kept and that was recorded then or later; {@link #size()} if there is none. */
    public long firstSince(long unixMillis) {
        long low = firstRetained();
        long high = size();
        while (low < high) {
            long middle = (low + high) >>> 1;
            if (parse(middle, entry(middle)).getUnixMs() < unixMillis) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /** Reads an entry's bytes. */
    public static AuditEntry parse(long index, byte[] bytes) {
        try {
            return AuditEntry.parseFrom(bytes);
        } catch (InvalidProtocolBufferException e) {
            throw new DamagedLogException(index, "entry " + index + " is not an audit entry: " + e.getMessage());
        }
    }

    /**
     * Visits the entries {@code [from, to)}.
     *
     * @throws DamagedLogException if one of them is missing
     */
    public void visit(long from, long to, EntryVisitor visitor) {
        ask("entries", () -> {
            try (PreparedStatement select = connection.prepareStatement(
                    "SELECT first, count, data FROM chunk WHERE first >= (SELECT coalesce(max(first), 0) FROM chunk"
                            + " WHERE first <= ?) AND first < ? ORDER BY first")) {
                select.setLong(1, from);
                select.setLong(2, to);
                try (ResultSet rows = select.executeQuery()) {
                    return visit(rows, from, to, visitor);
                }
            }
        });
    }

    private static boolean visit(ResultSet rows, long from, long to, EntryVisitor visitor) throws SQLException {
        long next = from;
        while (next < to) {
            if (!rows.next() || rows.getLong(1) > next || rows.getLong(1) + rows.getLong(2) <= next) {
                throw new DamagedLogException(next, "entry " + next + " is missing from the log");
            }
            long first = rows.getLong(1);
            List<byte[]> entries = decode(first, rows.getInt(2), rows.getBytes(3));
            for (; next < to && next < first + entries.size(); next++) {
                if (!visitor.visit(next, entries.get((int) (next - first)))) {
                    return false;
                }
            }
        }
        return true;
    }

    private static List<byte[]> decode(long first, int count, byte[] data) {
        List<byte[]> entries;
        try {
            entries = EntryChunk.decode(data);
        } catch (AuditException e) {
            throw new DamagedLogException(first, "the entries from " + first + " on are damaged: " + e.getMessage());
        }
        if (entries.size() != count) {
            throw new DamagedLogException(
                    first, "the chunk at " + first + " holds " + entries.size() + " entries, not " + count);
        }
        return entries;
    }

    /**
     * The hashes of a tile, at least as many as its width.
     *
     * @throws MerkleException if they are not stored
     */
    public byte[] tile(Tile tile) {
        byte[] hashes = ask("tile", () -> {
            try (PreparedStatement select = connection.prepareStatement("SELECT hashes FROM hashes WHERE place = ?")) {
                select.setLong(1, LogSchema.place(tile.level(), tile.index()));
                try (ResultSet row = select.executeQuery()) {
                    return row.next() ? row.getBytes(1) : new byte[0];
                }
            }
        });
        if (hashes.length < tile.width() * Hash.SIZE) {
            throw new MerkleException(tile.path() + " is missing or too short");
        }
        return hashes;
    }

    /** The tree of the first {@code size} entries. */
    public MerkleTree tree(long size) {
        if (size > size()) {
            throw new IndexOutOfBoundsException("the log has " + size() + " entries, not " + size);
        }
        return new MerkleTree(new TiledSubtrees(this::tile, size), size);
    }

    /** The newest stored checkpoint as it was signed. */
    public Optional<byte[]> newestCheckpoint() {
        return ask("checkpoint", () -> {
            try (PreparedStatement select =
                            connection.prepareStatement("SELECT note FROM checkpoint ORDER BY size DESC LIMIT 1");
                    ResultSet row = select.executeQuery()) {
                return row.next() ? Optional.of(row.getBytes(1)) : Optional.<byte[]>empty();
            }
        });
    }

    /** Receives checkpoints in order of size. */
    @FunctionalInterface
    public interface CheckpointVisitor {
        /** Takes a note and the size it is stored under. */
        void visit(long size, byte[] note);
    }

    /** Visits all stored checkpoints. */
    public void visitCheckpoints(CheckpointVisitor visitor) {
        ask("checkpoints", () -> {
            try (PreparedStatement select =
                            connection.prepareStatement("SELECT size, note FROM checkpoint ORDER BY size");
                    ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    visitor.visit(rows.getLong(1), rows.getBytes(2));
                }
                return true;
            }
        });
    }

    Connection connection() {
        return connection;
    }

    private interface Question<T> {
        T ask() throws SQLException;
    }

    private static <T> T ask(String what, Question<T> question) {
        try {
            return question.ask();
        } catch (SQLException e) {
            throw new DamagedLogException("the " + what + " of the audit log cannot be read: " + e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        try {
            connection.close();
        } catch (SQLException e) {
            throw new AuditException("the audit log cannot be closed: " + e.getMessage(), e);
        }
    }
}

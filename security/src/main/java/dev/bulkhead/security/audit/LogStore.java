package dev.bulkhead.security.audit;

import dev.bulkhead.security.audit.merkle.Tile;
import dev.bulkhead.security.audit.merkle.TileBuilder;
import dev.bulkhead.security.audit.merkle.TreeHasher;
import dev.bulkhead.security.audit.note.Checkpoint;
import dev.bulkhead.security.audit.note.NoteKey;
import dev.bulkhead.security.audit.note.NoteSigner;
import dev.bulkhead.security.audit.note.SignedNote;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The writing side of the log's database. Entries lie in chunks: one row for the entries of one commit, never across a
 * bundle of 256, because rows cost more than bytes. Used by one thread at a time; the log's lock sees to that.
 */
final class LogStore implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LogStore.class);

    private final Path file;
    private final String origin;
    private final LogLock lock;
    private final Connection connection;
    private final RollupWriter rollup;
    private final TreeHasher hasher = new TreeHasher();
    private TileBuilder tree;
    private long newestMillis;
    private volatile long size;
    private boolean lost;

    private LogStore(Path file, String origin, LogLock lock, Connection connection, LogReader reader)
            throws SQLException {
        this.file = file;
        this.origin = origin;
        this.lock = lock;
        this.connection = connection;
        this.size = reader.size();
        this.tree = TileBuilder.resume(reader::tile, size);
        this.newestMillis = reader.newestMillis();
        this.rollup = new RollupWriter(connection);
    }

    static LogStore open(Path file, AuditSettings settings, NoteSigner signer) {
        LogLock lock = LogLock.acquire(file);
        try {
            NoteKey key = NoteKey.of(settings.origin(), signer.publicKey());
            Connection connection = LogSchema.openForWriting(file, settings.origin(), key.toString());
            var reader = new LogReader(connection);
            new LogCheck(reader, key).run(settings.check());
            return new LogStore(file, settings.origin(), lock, connection, reader);
        } catch (SQLException e) {
            lock.close();
            throw new DamagedLogException("the audit log " + file + " cannot be opened: " + e.getMessage(), e);
        } catch (RuntimeException e) {
            lock.close();
            throw e;
        }
    }

    long size() {
        return size;
    }

    long newestMillis() {
        return newestMillis;
    }

    Path file() {
        return file;
    }

    /** Writes a batch and, if asked, the signed head after it, in one transaction: all of it or nothing. */
    Optional<SignedNote> write(List<PendingEntry> batch, Optional<NoteSigner> signer, long nowMillis) {
        if (batch.isEmpty() && signer.isEmpty()) {
            return Optional.empty();
        }
        if (lost) {
            throw new AuditException("the audit log " + file + " must be opened again");
        }
        TileBuilder grown = tree.copy();
        batch.forEach(entry -> grown.append(hasher.leaf(entry.bytes())));
        Optional<SignedNote> note = signer.map(key -> new Checkpoint(origin, grown.size(), grown.root()).sign(key));
        try {
            writeChunks(batch);
            writeTiles(grown);
            rollup.add(size, batch);
            if (note.isPresent()) {
                writeNote(grown.size(), note.get(), nowMillis);
            }
            connection.commit();
        } catch (SQLException e) {
            rollBack();
            throw new AuditException("the audit log " + file + " cannot be written: " + e.getMessage(), e);
        }
        tree = grown;
        size = grown.size();
        newestMillis = batch.isEmpty() ? newestMillis : batch.getLast().entry().getUnixMs();
        return note;
    }

    private void rollBack() {
        rollup.forget();
        try {
            connection.rollback();
        } catch (SQLException alreadyRolledBack) {
            beginAnew();
        }
    }

    /**
     * SQLite rolls back by itself when the disk is full. The driver does not notice and would let every further
     * statement commit by itself, half a batch among them; switching its mode off and on makes it begin again.
     */
    private void beginAnew() {
        try {
            connection.setAutoCommit(true);
        } catch (SQLException nothingToCommit) {
            LOG.debug("no transaction was left to end", nothingToCommit);
        }
        try {
            connection.setAutoCommit(false);
        } catch (SQLException e) {
            lost = true;
            throw new AuditException("the audit log " + file + " must be opened again: " + e.getMessage(), e);
        }
    }

    private void writeChunks(List<PendingEntry> batch) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement("INSERT INTO chunk VALUES (?, ?, ?)")) {
            long first = size;
            int done = 0;
            while (done < batch.size()) {
                int room = Tile.WIDTH - (int) (first % Tile.WIDTH);
                int count = Math.min(room, batch.size() - done);
                List<byte[]> entries = batch.subList(done, done + count).stream()
                        .map(PendingEntry::bytes)
                        .toList();
                insert.setLong(1, first);
                insert.setInt(2, count);
                insert.setBytes(3, EntryChunk.encode(entries));
                insert.executeUpdate();
                first += count;
                done += count;
            }
        }
    }

    private void writeTiles(TileBuilder grown) throws SQLException {
        try (PreparedStatement upsert = connection.prepareStatement("INSERT OR REPLACE INTO hashes VALUES (?, ?)")) {
            grown.<SQLException>drain((tile, hashes) -> {
                upsert.setLong(1, LogSchema.place(tile.level(), tile.index()));
                upsert.setBytes(2, hashes);
                upsert.executeUpdate();
            });
        }
    }

    private void writeNote(long atSize, SignedNote note, long nowMillis) throws SQLException {
        try (PreparedStatement insert =
                connection.prepareStatement("INSERT OR REPLACE INTO checkpoint VALUES (?, ?, ?)")) {
            insert.setLong(1, atSize);
            insert.setLong(2, nowMillis);
            insert.setBytes(3, note.bytes());
            insert.executeUpdate();
        }
    }

    /** The bundle boundary at or below {@code index}, within the log. */
    long droppable(long index) {
        return Math.max(0, Math.min(index, size)) / Tile.WIDTH * Tile.WIDTH;
    }

    /** Deletes the data of the entries before {@code boundary}; the tiles stay. */
    void drop(long boundary) {
        try {
            delete("DELETE FROM chunk WHERE first < ?", boundary);
            // the sums behind the views go with their entries
            delete("DELETE FROM hourly WHERE last_index < ?", boundary);
            delete("DELETE FROM touch WHERE id > ? AND id NOT IN (SELECT touch FROM hourly)", 0);
            connection.commit();
            rollup.forget();
        } catch (SQLException e) {
            rollBack();
            throw new AuditException("old audit entries cannot be dropped: " + e.getMessage(), e);
        }
    }

    private void delete(String sql, long parameter) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setLong(1, parameter);
            statement.executeUpdate();
        }
    }

    /** Bounds the file, so that a test can fill it. */
    void limitPages(int pages) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA max_page_count = " + pages);
        }
    }

    @Override
    public void close() {
        try {
            connection.close();
        } catch (SQLException e) {
            throw new AuditException("the audit log " + file + " cannot be closed: " + e.getMessage(), e);
        } finally {
            lock.close();
        }
    }
}

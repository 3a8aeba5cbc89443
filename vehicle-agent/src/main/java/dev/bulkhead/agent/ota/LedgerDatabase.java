package dev.bulkhead.agent.ota;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The client's memory on disk: one SQLite file, durable at each commit, used from the client's strand only.
 */
final class LedgerDatabase implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LedgerDatabase.class);
    private static final int SQLITE_CORRUPT = 11;
    private static final int SQLITE_NOTADB = 26;
    private static final int SCHEMA = 1;
    private static final List<String> TABLES = List.of(
            "CREATE TABLE download(sha256 TEXT PRIMARY KEY, length INTEGER NOT NULL, block_size INTEGER NOT NULL,"
                    + " bits BLOB NOT NULL) WITHOUT ROWID",
            "CREATE TABLE assignment(id TEXT PRIMARY KEY, progress BLOB NOT NULL) WITHOUT ROWID",
            "CREATE TABLE attack(seq INTEGER PRIMARY KEY, kind TEXT NOT NULL, detail TEXT NOT NULL,"
                    + " unix_ms INTEGER NOT NULL)");

    /** Turns one row into a value. */
    interface Row<T> {
        T read(ResultSet row) throws SQLException;
    }

    private final Connection connection;
    private final Path file;

    private LedgerDatabase(Connection connection, Path file) {
        this.connection = connection;
        this.file = file;
    }

    /**
     * Opens the ledger. A damaged one is moved aside and a new one begun: what is lost is which blocks are here, not what is
     * installed, and a vehicle must not stay without updates for that.
     *
     * @throws LedgerException when the file cannot be opened or was written by a newer agent
     */
    static LedgerDatabase open(Path file) {
        try {
            return openOnce(file);
        } catch (SQLException e) {
            if (!isDamage(e)) {
                throw new LedgerException("cannot open the update ledger " + file + ": " + e.getMessage(), e);
            }
            LOG.error(
                    "the update ledger {} is damaged, {}; it is moved aside and a new one begun", file, e.getMessage());
            moveAside(file);
        }
        try {
            return openOnce(file);
        } catch (SQLException e) {
            throw new LedgerException("cannot begin a new update ledger " + file + ": " + e.getMessage(), e);
        }
    }

    private static LedgerDatabase openOnce(Path file) throws SQLException {
        Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        LedgerDatabase database = new LedgerDatabase(connection, file);
        try {
            database.prepare();
            return database;
        } catch (SQLException | RuntimeException e) {
            connection.close();
            throw e;
        }
    }

    private static boolean isDamage(SQLException e) {
        int code = e.getErrorCode() & 0xff;
        return code == SQLITE_CORRUPT || code == SQLITE_NOTADB;
    }

    private static void moveAside(Path file) {
        try {
            for (String suffix : List.of("", "-wal", "-shm")) {
                Path part = file.resolveSibling(file.getFileName() + suffix);
                if (Files.exists(part)) {
                    Files.move(
                            part,
                            part.resolveSibling(part.getFileName() + ".damaged"),
                            StandardCopyOption.REPLACE_EXISTING);
                }
            }
        } catch (IOException e) {
            throw new LedgerException("cannot move the damaged update ledger " + file + " aside: " + e.getMessage(), e);
        }
    }

    private void prepare() throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA journal_mode=WAL");
            statement.execute("PRAGMA synchronous=FULL");
            statement.execute("PRAGMA busy_timeout=5000");
        }
        int version = version();
        if (version == 0) {
            inTransaction(() -> {
                TABLES.forEach(this::run);
                run("PRAGMA user_version=" + SCHEMA);
            });
        } else if (version != SCHEMA) {
            throw new LedgerException("update ledger " + file + " has schema " + version + ", this agent knows "
                    + SCHEMA + ": start the agent that wrote it, or move the file away");
        }
    }

    private int version() throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("PRAGMA user_version")) {
            return row.next() ? row.getInt(1) : 0;
        }
    }

    /** All or nothing, durable on return. */
    void inTransaction(Runnable work) {
        try {
            connection.setAutoCommit(false);
            work.run();
            connection.commit();
            connection.setAutoCommit(true);
        } catch (SQLException e) {
            throw abandoned(failed(e));
        } catch (RuntimeException e) {
            throw abandoned(e);
        }
    }

    /** On a full disk SQLite has rolled back by itself and the driver's own attempts fail; they may not hide the cause. */
    private <E extends RuntimeException> E abandoned(E cause) {
        try {
            connection.rollback();
        } catch (SQLException alreadyRolledBack) {
            cause.addSuppressed(alreadyRolledBack);
        }
        try {
            connection.setAutoCommit(true);
        } catch (SQLException nothingToCommit) {
            cause.addSuppressed(nothingToCommit);
        }
        return cause;
    }

    /** Runs one statement; durable on return unless inside {@link #inTransaction}. */
    int run(String sql, Object... values) {
        try (PreparedStatement statement = bind(sql, values)) {
            return statement.executeUpdate();
        } catch (SQLException e) {
            throw failed(e);
        }
    }

    <T> List<T> query(Row<T> reader, String sql, Object... values) {
        try (PreparedStatement statement = bind(sql, values);
                ResultSet rows = statement.executeQuery()) {
            List<T> found = new ArrayList<>();
            while (rows.next()) {
                found.add(reader.read(rows));
            }
            return found;
        } catch (SQLException e) {
            throw failed(e);
        }
    }

    /**
     * Takes out rows that {@code reader} can make nothing of, and says so in the log. What they knew is found out again: a vehicle must not
     * stay without updates for them.
     */
    void dropUnreadable(String table, String key, Row<?> reader) {
        List<Optional<Object>> keys = query(
                row -> {
                    try {
                        reader.read(row);
                        return Optional.<Object>empty();
                    } catch (RuntimeException e) {
                        Object of = row.getObject(key);
                        LOG.error(
                                "{}, table {}, row {}: {}; the row is taken out, what it knew is found out again",
                                file,
                                table,
                                of,
                                e.getMessage());
                        return Optional.of(of);
                    }
                },
                "SELECT * FROM " + table);
        keys.forEach(of -> of.ifPresent(value -> run("DELETE FROM " + table + " WHERE " + key + " = ?", value)));
    }

    private PreparedStatement bind(String sql, Object... values) throws SQLException {
        PreparedStatement statement = connection.prepareStatement(sql);
        for (int i = 0; i < values.length; i++) {
            statement.setObject(i + 1, values[i]);
        }
        return statement;
    }

    private LedgerException failed(SQLException e) {
        return new LedgerException("the update ledger " + file + " cannot be read or written: " + e.getMessage(), e);
    }

    @Override
    public void close() {
        try {
            connection.close();
        } catch (SQLException e) {
            throw failed(e);
        }
    }
}

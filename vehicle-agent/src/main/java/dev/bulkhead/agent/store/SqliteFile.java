package dev.bulkhead.agent.store;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Optional;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/**
 * One SQLite file with one connection and a versioned schema. Calls follow each other; a transaction is one call of {@link #write}.
 * Thread-safe.
 */
final class SqliteFile implements AutoCloseable {
    /** How much a commit may lose when the power goes; nothing is ever lost by kill -9. */
    enum Durability {
        FULL,
        NORMAL
    }

    private static final String DAMAGED =
            ". If the file is damaged, move it away: the fleet will assign the apps again";

    private final Path file;
    private final Connection connection;

    private SqliteFile(Path file, Connection connection) {
        this.file = file;
        this.connection = connection;
    }

    /**
     * Opens or makes the file and brings its schema to the newest version.
     *
     * @param applicationId marks the file as ours; another mark is refused
     * @param migrations step i brings version i to i+1, all of it or nothing
     */
    static SqliteFile open(Path file, int applicationId, Durability durability, List<Migration> migrations) {
        SQLiteConfig config = new SQLiteConfig();
        config.setJournalMode(SQLiteConfig.JournalMode.WAL);
        config.setSynchronous(
                durability == Durability.FULL
                        ? SQLiteConfig.SynchronousMode.FULL
                        : SQLiteConfig.SynchronousMode.NORMAL);
        config.setBusyTimeout(5_000);
        config.enforceForeignKeys(true);
        Connection connection = connect(file, config);
        SqliteFile opened = new SqliteFile(file, connection);
        try {
            opened.migrate(applicationId, migrations);
            return opened;
        } catch (StoreException e) {
            opened.close();
            throw e;
        }
    }

    private static Connection connect(Path file, SQLiteConfig config) {
        try {
            return config.createConnection("jdbc:sqlite:" + file);
        } catch (SQLException e) {
            throw new StoreException("cannot open " + file + ": " + e.getMessage() + DAMAGED, e);
        }
    }

    private void migrate(int applicationId, List<Migration> migrations) {
        int version = number("PRAGMA user_version");
        int mark = number("PRAGMA application_id");
        if (version == 0 && mark == 0 && number("SELECT count(*) FROM sqlite_schema") == 0) {
            execute("PRAGMA application_id = " + applicationId);
        } else if (mark != applicationId) {
            throw new StoreException(file + " is a database of another program (application id " + mark + ")");
        }
        if (version > migrations.size()) {
            throw new StoreException(file + " has schema version " + version + ", this agent knows up to "
                    + migrations.size() + "; use the newer agent");
        }
        for (int step = version; step < migrations.size(); step++) {
            Migration migration = migrations.get(step);
            int next = step + 1;
            write(sql -> {
                migration.run(sql);
                sql.run("PRAGMA user_version = " + next);
                return true;
            });
        }
    }

    private int number(String query) {
        return read(query, rows -> rows.getInt(1)).orElse(0);
    }

    private synchronized void execute(String statement) {
        try (Statement sql = connection.createStatement()) {
            sql.execute(statement);
        } catch (SQLException e) {
            throw broken(e);
        }
    }

    /** Runs one transaction: all of it or none of it. */
    <T> T write(Work<T> work) {
        return write(work, () -> {});
    }

    /** The same; {@code committed} runs once it is, before the next transaction. */
    synchronized <T> T write(Work<T> work, Runnable committed) {
        try {
            connection.setAutoCommit(false);
            T result = work.run(new Sql(connection));
            connection.commit();
            connection.setAutoCommit(true);
            committed.run();
            return result;
        } catch (SQLException e) {
            throw abandoned(broken(e));
        } catch (RuntimeException e) {
            throw abandoned(e);
        }
    }

    /**
     * SQLite rolls back by itself when the disk is full, and the driver does not notice: its own rollback fails then, and so does the
     * commit with which it leaves the transaction. Neither may hide what went wrong first, and the next transaction begins anew.
     */
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

    /** The first row of a query, if there is one. */
    <T> Optional<T> read(String query, Row<T> row, Object... values) {
        return list(query, row, values).stream().findFirst();
    }

    /** All rows of a query. */
    synchronized <T> List<T> list(String query, Row<T> row, Object... values) {
        try {
            return new Sql(connection).list(query, row, values);
        } catch (SQLException e) {
            throw broken(e);
        }
    }

    private StoreException broken(SQLException e) {
        boolean damaged = e instanceof SQLiteException sqlite
                && (sqlite.getResultCode() == SQLiteErrorCode.SQLITE_CORRUPT
                        || sqlite.getResultCode() == SQLiteErrorCode.SQLITE_NOTADB);
        return new StoreException(file + ": " + e.getMessage() + (damaged ? DAMAGED : ""), e);
    }

    @Override
    public synchronized void close() {
        try {
            connection.close();
        } catch (SQLException e) {
            throw broken(e);
        }
    }

    /** Brings the schema one version further. */
    @FunctionalInterface
    interface Migration {
        void run(Sql sql) throws SQLException;

        static Migration of(String... statements) {
            return sql -> {
                for (String statement : statements) {
                    sql.run(statement);
                }
            };
        }
    }

    /** What a transaction does. */
    @FunctionalInterface
    interface Work<T> {
        T run(Sql sql) throws SQLException;
    }

    /** Reads one row. */
    @FunctionalInterface
    interface Row<T> {
        T of(ResultSet row) throws SQLException;
    }
}

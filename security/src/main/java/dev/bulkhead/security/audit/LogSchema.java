package dev.bulkhead.security.audit;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.sqlite.SQLiteConfig;

/** The tables of a log, and how its file is opened. */
final class LogSchema {
    private static final String FORMAT = "2";
    private static final List<String> TABLES = List.of(
            "CREATE TABLE IF NOT EXISTS meta (name TEXT PRIMARY KEY, value TEXT NOT NULL)",
            // the entries [first, first + count) of a commit, never across a bundle of 256
            "CREATE TABLE IF NOT EXISTS chunk (first INTEGER PRIMARY KEY, count INTEGER NOT NULL, data BLOB NOT NULL)",
            // by rowid: in an index the hashes would fill the inner pages and a look-up would read ten of them
            "CREATE TABLE IF NOT EXISTS hashes (place INTEGER PRIMARY KEY, hashes BLOB NOT NULL)",
            "CREATE TABLE IF NOT EXISTS checkpoint (size INTEGER PRIMARY KEY, unix_ms INTEGER NOT NULL,"
                    + " note BLOB NOT NULL)",
            // what the views are made from: derived from the entries in the same transaction
            "CREATE TABLE IF NOT EXISTS touch (id INTEGER PRIMARY KEY, app TEXT NOT NULL, version TEXT NOT NULL,"
                    + " vendor TEXT NOT NULL, kind TEXT NOT NULL, access TEXT NOT NULL, rule TEXT NOT NULL,"
                    + " UNIQUE (app, version, vendor, kind, access, rule))",
            "CREATE TABLE IF NOT EXISTS hourly (hour INTEGER, touch INTEGER, count INTEGER NOT NULL,"
                    + " bytes INTEGER NOT NULL, first_ms INTEGER NOT NULL, last_ms INTEGER NOT NULL,"
                    + " first_index INTEGER NOT NULL, last_index INTEGER NOT NULL, least REAL, greatest REAL,"
                    + " peak REAL NOT NULL, PRIMARY KEY (touch, hour)) WITHOUT ROWID",
            "CREATE TABLE IF NOT EXISTS declared (app TEXT, version TEXT, vendor TEXT NOT NULL,"
                    + " unix_ms INTEGER NOT NULL, entry BLOB NOT NULL, idx INTEGER NOT NULL DEFAULT -1,"
                    + " PRIMARY KEY (app, version)) WITHOUT ROWID");

    private static final int LEVEL_SHIFT = 56;

    private LogSchema() {}

    static Connection openForWriting(Path file, String origin, String verifierKey) throws SQLException {
        var config = new SQLiteConfig();
        config.setJournalMode(SQLiteConfig.JournalMode.WAL);
        config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
        config.setBusyTimeout(5000);
        Connection connection = config.createConnection("jdbc:sqlite:" + file);
        try {
            prepare(connection, file, origin);
            writeKey(connection, verifierKey);
            return connection;
        } catch (SQLException | RuntimeException e) {
            connection.close();
            throw e;
        }
    }

    private static void prepare(Connection connection, Path file, String origin) throws SQLException {
        connection.setAutoCommit(false);
        try (Statement statement = connection.createStatement()) {
            for (String table : TABLES) {
                statement.execute(table);
            }
            statement.execute("INSERT OR IGNORE INTO meta VALUES ('format', '" + FORMAT + "')");
        }
        if (meta(connection, "format").equals("1")) {
            FormatOne.bringUp(connection, FORMAT);
        }
        try (PreparedStatement insert =
                connection.prepareStatement("INSERT OR IGNORE INTO meta VALUES ('origin', ?)")) {
            insert.setString(1, origin);
            insert.executeUpdate();
        }
        connection.commit();
        requireMeta(connection, file, "format", FORMAT);
        requireMeta(connection, file, "origin", origin);
    }

    private static void writeKey(Connection connection, String verifierKey) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement("INSERT OR REPLACE INTO meta VALUES ('key', ?)")) {
            insert.setString(1, verifierKey);
            insert.executeUpdate();
        }
        connection.commit();
    }

    private static void requireMeta(Connection connection, Path file, String name, String expected)
            throws SQLException {
        String found = meta(connection, name);
        if (!found.equals(expected)) {
            throw new AuditException("the audit log " + file + " has " + name + " '" + found + "', not '" + expected
                    + "'; it belongs to something else: move it away");
        }
    }

    static String meta(Connection connection, String name) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement("SELECT value FROM meta WHERE name = ?")) {
            select.setString(1, name);
            try (ResultSet row = select.executeQuery()) {
                return row.next() ? row.getString(1) : "";
            }
        }
    }

    static Connection openForReading(Path file) throws SQLException {
        if (!Files.isRegularFile(file)) {
            throw new AuditException("there is no audit log at " + file);
        }
        var config = new SQLiteConfig();
        config.setReadOnly(true);
        config.setBusyTimeout(5000);
        Connection connection = config.createConnection("jdbc:sqlite:" + file);
        try {
            String format = meta(connection, "format");
            if (!format.equals(FORMAT)) {
                throw new AuditException("the audit log " + file + " has format '" + format + "', not '" + FORMAT
                        + "'; start its vehicle's agent once, that brings an older log up to date");
            }
            return connection;
        } catch (SQLException | RuntimeException e) {
            connection.close();
            throw e;
        }
    }

    /** Where the hashes of a tile are kept. */
    static long place(int level, long index) {
        return ((long) level << LEVEL_SHIFT) | index;
    }
}

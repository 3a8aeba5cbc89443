package dev.bulkhead.security.audit;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** Brings a log of format 1 up to date: tiles move to a table by place, declarations learn their index. */
final class FormatOne {
    private FormatOne() {}

    /** All or nothing; the caller's transaction is committed. */
    static void bringUp(Connection connection, String format) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("INSERT INTO hashes SELECT (level << 56) | idx, hashes FROM tile ORDER BY level, idx");
            statement.execute("DROP TABLE tile");
            statement.execute("ALTER TABLE declared ADD COLUMN idx INTEGER NOT NULL DEFAULT -1");
            findDeclarations(connection);
            statement.execute("UPDATE meta SET value = '" + format + "' WHERE name = 'format'");
            connection.commit();
        } catch (SQLException | RuntimeException e) {
            connection.rollback();
            throw e;
        }
    }

    /** The newest entry that declares an app version; a declaration whose entry was dropped keeps −1. */
    private static void findDeclarations(Connection connection) throws SQLException {
        try (Statement select = connection.createStatement();
                ResultSet rows = select.executeQuery("SELECT first, data FROM chunk ORDER BY first");
                PreparedStatement update =
                        connection.prepareStatement("UPDATE declared SET idx = ? WHERE app = ? AND version = ?")) {
            while (rows.next()) {
                long index = rows.getLong(1);
                for (byte[] bytes : EntryChunk.decode(rows.getBytes(2))) {
                    note(update, index, bytes);
                    index++;
                }
            }
        }
    }

    private static void note(PreparedStatement update, long index, byte[] bytes) throws SQLException {
        var entry = LogReader.parse(index, bytes);
        if (entry.hasDeclared()) {
            update.setLong(1, index);
            update.setString(2, entry.getAppId());
            update.setString(3, entry.getVersion());
            update.executeUpdate();
        }
    }
}

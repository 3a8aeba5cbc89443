package dev.bulkhead.agent.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Statements inside one transaction. Lives as long as the transaction. */
final class Sql {
    private final Connection connection;

    Sql(Connection connection) {
        this.connection = connection;
    }

    /** Runs a statement; returns how many rows it changed. */
    int run(String statement, @Nullable Object... values) throws SQLException {
        try (PreparedStatement sql = connection.prepareStatement(statement)) {
            bind(sql, values);
            return sql.executeUpdate();
        }
    }

    /** The first column of the first row. */
    OptionalLong number(String query, @Nullable Object... values) throws SQLException {
        try (PreparedStatement sql = connection.prepareStatement(query)) {
            bind(sql, values);
            try (ResultSet rows = sql.executeQuery()) {
                return rows.next() ? OptionalLong.of(rows.getLong(1)) : OptionalLong.empty();
            }
        }
    }

    /** All rows of a query. */
    <T> List<T> list(String query, SqliteFile.Row<T> row, @Nullable Object... values) throws SQLException {
        try (PreparedStatement sql = connection.prepareStatement(query)) {
            bind(sql, values);
            try (ResultSet rows = sql.executeQuery()) {
                List<T> found = new ArrayList<>();
                while (rows.next()) {
                    found.add(row.of(rows));
                }
                return found;
            }
        }
    }

    static void bind(PreparedStatement sql, @Nullable Object... values) throws SQLException {
        for (int i = 0; i < values.length; i++) {
            switch (values[i]) {
                case null -> sql.setNull(i + 1, Types.NULL);
                case byte[] bytes -> sql.setBytes(i + 1, bytes);
                case Long number -> sql.setLong(i + 1, number);
                case Integer number -> sql.setInt(i + 1, number);
                case Double number -> sql.setDouble(i + 1, number);
                case Object text -> sql.setString(i + 1, text.toString());
            }
        }
    }
}

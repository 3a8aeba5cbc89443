package dev.bulkhead.agent.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/**
 * Rows that name no app, or one that is not there though the row should be about one that is: kept as text in a table of their own, out of the way. A floor
 * outlives its app and stays, whatever it says.
 */
final class StrayRows {
    /** Most rows that are kept; the oldest go first. */
    static final int MOST = 256;

    /** Most characters of one that are kept. */
    private static final int LONGEST = 16_384;

    private StrayRows() {}

    private record Stray(List<@Nullable Object> keys, String text) {}

    /** Moves them; answers how many there were. */
    static int setAside(Sql sql, RowSeal seal) throws SQLException {
        int moved = 0;
        for (Table table : Table.values()) {
            String query = "SELECT *, app IN (SELECT app FROM slot) FROM " + table.sqlName();
            for (Stray row : sql.list(query, each -> row(table, seal, each))) {
                if (!row.keys().isEmpty()) {
                    sql.run("INSERT INTO aside (source, cells) VALUES (?, ?)", table.sqlName(), row.text());
                    moved += sql.run(
                            "DELETE FROM " + table.sqlName() + " WHERE " + table.byKeys(),
                            row.keys().toArray());
                }
            }
        }
        sql.run("DELETE FROM aside WHERE number <= (SELECT max(number) FROM aside) - ?", MOST);
        return moved;
    }

    /** Without keys for a row that is where it belongs. */
    private static Stray row(Table table, RowSeal seal, ResultSet row) throws SQLException {
        int last = row.getMetaData().getColumnCount();
        List<@Nullable Object> keys = new ArrayList<>();
        boolean names = Cells.app(row.getObject("app")).isPresent();
        if (names && (row.getInt(last) == 1 || table == Table.FLOOR || mayWait(table, seal, row))) {
            return new Stray(keys, "");
        }
        for (String key : table.keys()) {
            keys.add(row.getObject(key));
        }
        StringJoiner text = new StringJoiner(", ");
        for (int column = 1; column < last; column++) {
            text.add(row.getMetaData().getColumnName(column) + " = " + written(row.getObject(column)));
        }
        return new Stray(keys, text.length() > LONGEST ? text.toString().substring(0, LONGEST) : text.toString());
    }

    /** Whether the row may be there before its app, or after it. */
    private static boolean mayWait(Table table, RowSeal seal, ResultSet row) throws SQLException {
        return table != Table.DEFERRED && seal.fits(table, row);
    }

    private static String written(@Nullable Object cell) {
        return switch (cell) {
            case null -> "NULL";
            case byte[] bytes -> "x'" + HexFormat.of().formatHex(bytes) + "'";
            case Number number -> number.toString();
            case Object text -> "'" + text.toString().replace("'", "''") + "'";
        };
    }
}

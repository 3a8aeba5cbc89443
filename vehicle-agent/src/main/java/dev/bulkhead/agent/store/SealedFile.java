package dev.bulkhead.agent.store;

import dev.bulkhead.agent.lifecycle.Damage;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The tables of {@code agent.db} behind their seals: every row is written with one, and read against it. */
record SealedFile(SqliteFile file, RowSeal seal) {
    /** Makes something of one row. */
    @FunctionalInterface
    interface Reader<T> {
        /** Empty when the row is of no use. */
        Optional<T> of(Cells cells) throws SQLException;
    }

    /** Writes a row in place of the one with its keys. */
    void put(Sql sql, Table table, @Nullable Object... cells) throws SQLException {
        @Nullable Object[] sealed = Arrays.copyOf(cells, cells.length + 1);
        sealed[cells.length] = seal.over(table, Arrays.asList(cells));
        sql.run("INSERT OR REPLACE INTO " + table.sqlName() + " VALUES (?" + ", ?".repeat(cells.length) + ")", sealed);
    }

    /**
     * Reads rows; what is wrong with them is added to {@code damages}. Of a row whose seal does not fit only a slot is handed on: its app is there,
     * whatever else of it is true.
     *
     * @param rest of the query: which rows, in which order
     */
    <T> List<T> rows(Table table, String rest, List<Damage> damages, Reader<T> reader, Object... values) {
        List<Optional<T>> found = file.list(
                "SELECT * FROM " + table.sqlName() + " " + rest,
                row -> {
                    Cells cells = new Cells(row, table.sqlName());
                    Optional<T> made = reader.of(cells);
                    boolean whole = cells.sealed(seal.fits(table, row), table.broken());
                    damages.addAll(cells.damages());
                    return whole || table == Table.SLOT ? made : Optional.<T>empty();
                },
                values);
        return found.stream().flatMap(Optional::stream).toList();
    }

    /** Seals every row as it is. */
    static void sealAll(Sql sql, RowSeal seal) throws SQLException {
        for (Table table : Table.values()) {
            for (Row row : sql.list("SELECT * FROM " + table.sqlName(), each -> Row.of(table, each))) {
                List<@Nullable Object> values = new ArrayList<>();
                values.add(seal.over(table, row.cells()));
                values.addAll(row.keys());
                sql.run("UPDATE " + table.sqlName() + " SET seal = ? WHERE " + table.byKeys(), values.toArray());
            }
        }
    }

    private record Row(List<@Nullable Object> keys, List<@Nullable Object> cells) {
        static Row of(Table table, ResultSet row) throws SQLException {
            List<@Nullable Object> keys = new ArrayList<>();
            for (String key : table.keys()) {
                keys.add(row.getObject(key));
            }
            return new Row(keys, RowSeal.cells(row));
        }
    }
}

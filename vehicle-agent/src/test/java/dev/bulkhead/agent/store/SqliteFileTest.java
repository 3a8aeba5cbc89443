package dev.bulkhead.agent.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A full or read-only disk under a store: all of a transaction or none of it, the cause told, and on it goes when there is room. */
class SqliteFileTest {
    private static final List<SqliteFile.Migration> SCHEMA =
            List.of(SqliteFile.Migration.of("CREATE TABLE note (id INTEGER PRIMARY KEY, text BLOB)"));

    @TempDir
    Path dir;

    private SqliteFile open() {
        return SqliteFile.open(dir.resolve("test.db"), 7, SqliteFile.Durability.FULL, SCHEMA);
    }

    private static void set(SqliteFile file, String pragma) {
        file.read("PRAGMA " + pragma, row -> row.getObject(1));
    }

    private static int count(SqliteFile file) {
        return file.read("SELECT count(*) FROM note", row -> row.getInt(1)).orElseThrow();
    }

    private static boolean write(SqliteFile file, int first, int rows) {
        return file.write(sql -> {
            for (int i = 0; i < rows; i++) {
                sql.run("INSERT INTO note VALUES (?, ?)", first + i, new byte[3_000]);
            }
            return true;
        });
    }

    @Test
    void aFullDiskTakesAllOfATransactionOrNoneAndSaysWhy() {
        try (SqliteFile file = open()) {
            write(file, 0, 10);
            int pages = file.read("PRAGMA page_count", row -> row.getInt(1)).orElseThrow();
            set(file, "max_page_count = " + (pages + 5));
            for (int attempt = 0; attempt < 3; attempt++) {
                StoreException full = assertThrows(StoreException.class, () -> write(file, 100, 50));
                assertTrue(full.toString().contains("full"), full.toString());
                assertTrue(full.toString().contains("test.db"), full.toString());
                assertEquals(10, count(file), "nothing of the failed transaction is there");
            }
            assertTrue(write(file, 10, 2), "what fits is taken, in a transaction of its own");
            assertEquals(12, count(file));
            set(file, "max_page_count = 1000000");
            assertTrue(write(file, 100, 50));
            assertEquals(62, count(file));
        }
        try (SqliteFile again = open()) {
            assertEquals(62, count(again));
            assertEquals(Optional.of("ok"), again.read("PRAGMA integrity_check", row -> row.getString(1)));
        }
    }

    @Test
    void aReadOnlyDiskRefusesWritesAndStillReads() {
        try (SqliteFile file = open()) {
            write(file, 0, 10);
            file.write(sql -> sql.run("PRAGMA query_only = 1"));
            StoreException refused = assertThrows(StoreException.class, () -> write(file, 100, 1));
            assertTrue(refused.toString().contains("readonly"), refused.toString());
            assertEquals(10, count(file));
            file.write(sql -> sql.run("PRAGMA query_only = 0"));
            assertTrue(write(file, 100, 1));
        }
    }

    @Test
    void aTransactionThatThrowsLeavesNothingBehind() {
        try (SqliteFile file = open()) {
            assertThrows(
                    IllegalStateException.class,
                    () -> file.write(sql -> {
                        sql.run("INSERT INTO note VALUES (1, NULL)");
                        throw new IllegalStateException("in between");
                    }));
            assertEquals(0, count(file));
            assertTrue(write(file, 1, 1));
        }
    }
}

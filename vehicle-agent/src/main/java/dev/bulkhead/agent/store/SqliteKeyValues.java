package dev.bulkhead.agent.store;

import dev.bulkhead.agent.host.KeyValueStore;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The key-value data of all apps in one SQLite file of its own. A commit is not forced to disk at once ({@code synchronous=NORMAL}): kill
 * -9 loses nothing, a power cut the newest writes at most, and never half of one.
 */
public final class SqliteKeyValues implements KeyValueStore, AutoCloseable {
    private static final int APPLICATION_ID = 0x424B_4B56;
    private static final List<List<String>> SCHEMA = List.of(List.of(
            "CREATE TABLE entry (app TEXT NOT NULL, key BLOB NOT NULL, value BLOB NOT NULL, PRIMARY KEY (app, key)) WITHOUT ROWID",
            "CREATE TABLE account (app TEXT PRIMARY KEY, bytes INTEGER NOT NULL) WITHOUT ROWID"));

    private final SqliteFile file;

    private SqliteKeyValues(SqliteFile file) {
        this.file = file;
    }

    /** Opens or makes the file. */
    public static SqliteKeyValues open(Path path) {
        return new SqliteKeyValues(SqliteFile.open(path, APPLICATION_ID, SqliteFile.Durability.NORMAL, SCHEMA));
    }

    @Override
    public Optional<byte[]> get(String appId, byte[] key) {
        return file.read("SELECT value FROM entry WHERE app = ? AND key = ?", row -> row.getBytes(1), appId, key);
    }

    @Override
    public boolean put(String appId, byte[] key, byte[] value, long quota) {
        long cost = (long) key.length + value.length + ENTRY_COST;
        return file.write(sql -> {
            long before = sql.number(
                            "SELECT length(key) + length(value) + ? FROM entry WHERE app = ? AND key = ?",
                            ENTRY_COST,
                            appId,
                            key)
                    .orElse(0);
            long used =
                    sql.number("SELECT bytes FROM account WHERE app = ?", appId).orElse(0);
            long after = used - before + cost;
            if (after > quota && cost > before) {
                return false;
            }
            sql.run("INSERT OR REPLACE INTO entry VALUES (?, ?, ?)", appId, key, value);
            sql.run("INSERT OR REPLACE INTO account VALUES (?, ?)", appId, after);
            return true;
        });
    }

    @Override
    public boolean delete(String appId, byte[] key) {
        return file.write(sql -> {
            long before = sql.number(
                            "SELECT length(key) + length(value) + ? FROM entry WHERE app = ? AND key = ?",
                            ENTRY_COST,
                            appId,
                            key)
                    .orElse(-1);
            if (before < 0) {
                return false;
            }
            sql.run("DELETE FROM entry WHERE app = ? AND key = ?", appId, key);
            sql.run("UPDATE account SET bytes = bytes - ? WHERE app = ?", before, appId);
            return true;
        });
    }

    @Override
    public List<byte[]> keys(String appId, byte[] prefix, int limit) {
        Optional<byte[]> end = successor(prefix);
        String range = "SELECT key FROM entry WHERE app = ? AND key >= ?";
        if (end.isEmpty()) {
            return file.list(range + " ORDER BY key LIMIT ?", row -> row.getBytes(1), appId, prefix, limit);
        }
        return file.list(
                range + " AND key < ? ORDER BY key LIMIT ?", row -> row.getBytes(1), appId, prefix, end.get(), limit);
    }

    /** The least key that is above every key with this prefix; empty when there is none. */
    private static Optional<byte[]> successor(byte[] prefix) {
        for (int last = prefix.length - 1; last >= 0; last--) {
            if (prefix[last] != (byte) 0xFF) {
                byte[] next = Arrays.copyOf(prefix, last + 1);
                next[last]++;
                return Optional.of(next);
            }
        }
        return Optional.empty();
    }

    @Override
    public long used(String appId) {
        return file.read("SELECT bytes FROM account WHERE app = ?", row -> row.getLong(1), appId)
                .orElse(0L);
    }

    @Override
    public void clear(String appId) {
        file.write(sql -> {
            sql.run("DELETE FROM entry WHERE app = ?", appId);
            return sql.run("DELETE FROM account WHERE app = ?", appId);
        });
    }

    @Override
    public void close() {
        file.close();
    }
}

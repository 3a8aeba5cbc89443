package dev.bulkhead.agent.store;

import dev.bulkhead.agent.host.KeyValueStore;
import dev.bulkhead.agent.store.SqliteFile.Migration;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The key-value data of all apps in one SQLite file of its own. A commit is not forced to disk at once ({@code synchronous=NORMAL}): kill
 * -9 loses nothing, a power cut the newest writes at most, and never half of one.
 */
public final class SqliteKeyValues implements KeyValueStore {
    private static final int APPLICATION_ID = 0x424B_4B56;
    private static final List<Migration> SCHEMA = List.of(
            Migration.of(
                    "CREATE TABLE entry (app TEXT NOT NULL, key BLOB NOT NULL, value BLOB NOT NULL, PRIMARY KEY (app,"
                            + " key)) WITHOUT ROWID",
                    "CREATE TABLE account (app TEXT PRIMARY KEY, bytes INTEGER NOT NULL) WITHOUT ROWID"),
            Migration.of(
                    "CREATE TABLE kept (app TEXT PRIMARY KEY, release TEXT NOT NULL, bytes INTEGER NOT NULL) WITHOUT"
                            + " ROWID",
                    "CREATE TABLE undo (app TEXT NOT NULL, key BLOB NOT NULL, value BLOB, PRIMARY KEY (app, key))"
                            + " WITHOUT ROWID"));

    private final SqliteFile file;

    /** What the file says, so that whoever looks waits for no write. */
    private final Map<String, Long> used = new ConcurrentHashMap<>();

    private final List<String> damages;

    private SqliteKeyValues(SqliteFile file) {
        this.file = file;
        this.damages = KeyValueDamage.mend(file);
        file.list("SELECT app, bytes FROM account", row -> Map.entry(row.getString(1), row.getLong(2)))
                .forEach(account -> used.put(account.getKey(), account.getValue()));
    }

    /** What was found wrong, and mended, when the file was opened: entries that no app could ever have read, sums that are none. */
    public List<String> damages() {
        return damages;
    }

    private <T> T write(String appId, SqliteFile.Work<T> work) {
        AtomicLong bytes = new AtomicLong();
        return file.write(
                sql -> {
                    T result = work.run(sql);
                    bytes.set(bytes(sql, appId));
                    return result;
                },
                () -> used.put(appId, bytes.get()));
    }

    private static long bytes(Sql sql, String appId) throws SQLException {
        return sql.number("SELECT bytes FROM account WHERE app = ?", appId).orElse(0);
    }

    /** Opens or makes the file. */
    public static SqliteKeyValues open(Path path) {
        return new SqliteKeyValues(SqliteFile.open(path, APPLICATION_ID, SqliteFile.Durability.NORMAL, SCHEMA));
    }

    @Override
    public Optional<byte[]> get(String appId, byte[] key) {
        return file.read(
                "SELECT value FROM entry WHERE app = ? AND key = ?",
                row -> KeyValueDamage.bytes(row.getObject(1), appId, key),
                appId,
                key);
    }

    @Override
    public boolean put(String appId, byte[] key, byte[] value, long quota, Runnable entitled) {
        return write(appId, sql -> {
            entitled.run();
            return put(sql, appId, key, value, quota);
        });
    }

    private static boolean put(Sql sql, String appId, byte[] key, byte[] value, long quota) throws SQLException {
        long cost = (long) key.length + value.length + ENTRY_COST;
        long before = cost(sql, appId, key).orElse(0);
        long after = bytes(sql, appId) - before + cost;
        if (after > quota && cost > before) {
            return false;
        }
        remember(sql, appId, key);
        sql.run("INSERT OR REPLACE INTO entry VALUES (?, ?, ?)", appId, key, value);
        sql.run("INSERT OR REPLACE INTO account VALUES (?, ?)", appId, after);
        return true;
    }

    private static OptionalLong cost(Sql sql, String appId, byte[] key) throws SQLException {
        return sql.number(
                "SELECT octet_length(key) + octet_length(value) + ? FROM entry WHERE app = ? AND key = ?",
                ENTRY_COST,
                appId,
                key);
    }

    /** How the entry was before its first change since the hand-over; a value of NULL for one that was not there. */
    private static void remember(Sql sql, String appId, byte[] key) throws SQLException {
        sql.run(
                "INSERT OR IGNORE INTO undo SELECT app, ?, (SELECT value FROM entry WHERE app = ? AND key = ?) FROM"
                        + " kept WHERE app = ?",
                key,
                appId,
                key,
                appId);
    }

    @Override
    public boolean delete(String appId, byte[] key, Runnable entitled) {
        return write(appId, sql -> {
            entitled.run();
            return delete(sql, appId, key);
        });
    }

    private static boolean delete(Sql sql, String appId, byte[] key) throws SQLException {
        OptionalLong before = cost(sql, appId, key);
        if (before.isEmpty()) {
            return false;
        }
        remember(sql, appId, key);
        sql.run("DELETE FROM entry WHERE app = ? AND key = ?", appId, key);
        sql.run("UPDATE account SET bytes = bytes - ? WHERE app = ?", before.getAsLong(), appId);
        return true;
    }

    @Override
    public void handOver(String appId, String release, List<Write> writes) {
        write(appId, sql -> {
            sql.run(
                    "INSERT OR IGNORE INTO kept VALUES (?, ?, coalesce((SELECT bytes FROM account WHERE app = ?), 0))",
                    appId,
                    release,
                    appId);
            for (Write write : writes) {
                byte[] value = write.value();
                if (value == null) {
                    delete(sql, appId, write.key());
                } else {
                    put(sql, appId, write.key(), value, Long.MAX_VALUE);
                }
            }
            return true;
        });
    }

    @Override
    public Optional<String> remembersFor(String appId) {
        return file.read(
                "SELECT release FROM kept WHERE app = ?",
                row -> KeyValueDamage.release(row.getObject(1), appId),
                appId);
    }

    @Override
    public void giveBack(String appId) {
        write(appId, sql -> {
            OptionalLong bytes = sql.number("SELECT bytes FROM kept WHERE app = ?", appId);
            if (bytes.isPresent()) {
                sql.run(
                        "DELETE FROM entry WHERE app = ? AND key IN (SELECT key FROM undo WHERE app = ?)",
                        appId,
                        appId);
                sql.run(
                        "INSERT INTO entry SELECT app, key, value FROM undo WHERE app = ? AND value IS NOT NULL",
                        appId);
                sql.run("INSERT OR REPLACE INTO account VALUES (?, ?)", appId, bytes.getAsLong());
                forget(sql, appId);
            }
            return true;
        });
    }

    @Override
    public void settle(String appId) {
        if (file.read("SELECT 1 FROM kept WHERE app = ?", row -> row.getInt(1), appId)
                .isPresent()) {
            file.write(sql -> forget(sql, appId));
        }
    }

    private static boolean forget(Sql sql, String appId) throws SQLException {
        sql.run("DELETE FROM undo WHERE app = ?", appId);
        return sql.run("DELETE FROM kept WHERE app = ?", appId) > 0;
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
        return used.getOrDefault(appId, 0L);
    }

    @Override
    public void clear(String appId) {
        write(appId, sql -> {
            forget(sql, appId);
            sql.run("DELETE FROM entry WHERE app = ?", appId);
            return sql.run("DELETE FROM account WHERE app = ?", appId);
        });
    }

    @Override
    public void close() {
        file.close();
    }
}

package dev.bulkhead.agent.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulkhead.agent.host.KeyValueStore;
import dev.bulkhead.agent.sandbox.KillCause;
import dev.bulkhead.agent.sandbox.KillException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SqliteKeyValuesTest {
    private static final String ONE = "com.acme.one";
    private static final String TWO = "com.acme.two";
    private static final long PLENTY = 1 << 20;

    private static final RowSeal SEAL = RowSeal.with(new byte[] {7});

    @TempDir
    Path dir;

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private SqliteKeyValues open() {
        return SqliteKeyValues.open(dir.resolve("kv.db"));
    }

    private static boolean put(SqliteKeyValues store, String app, byte[] key, byte[] value, long quota) {
        return store.put(app, key, value, quota, () -> {});
    }

    private static boolean delete(SqliteKeyValues store, String app, byte[] key) {
        return store.delete(app, key, () -> {});
    }

    @Test
    void keepsEntriesOverARestartAndApartByApp() {
        try (SqliteKeyValues store = open()) {
            assertTrue(put(store, ONE, bytes("key"), bytes("mine"), PLENTY));
            assertTrue(put(store, TWO, bytes("key"), bytes("yours"), PLENTY));
        }
        try (SqliteKeyValues store = open()) {
            assertArrayEquals(bytes("mine"), store.get(ONE, bytes("key")).orElseThrow());
            store.clear(ONE);
            assertTrue(store.get(ONE, bytes("key")).isEmpty());
            assertEquals(0, store.used(ONE));
            assertArrayEquals(bytes("yours"), store.get(TWO, bytes("key")).orElseThrow());
        }
    }

    @Test
    void countsEveryByteAndRefusesWhatIsBeyondTheQuota() {
        try (SqliteKeyValues store = open()) {
            long cost = 3 + 10 + KeyValueStore.ENTRY_COST;
            assertTrue(put(store, ONE, bytes("key"), new byte[10], cost));
            assertEquals(cost, store.used(ONE));
            assertFalse(put(store, ONE, bytes("key"), new byte[11], cost));
            assertArrayEquals(new byte[10], store.get(ONE, bytes("key")).orElseThrow());
            assertFalse(put(store, ONE, bytes("k"), new byte[0], cost));
            assertTrue(put(store, ONE, bytes("key"), new byte[4], cost));
            assertEquals(cost - 6, store.used(ONE));
            assertTrue(delete(store, ONE, bytes("key")));
            assertFalse(delete(store, ONE, bytes("key")));
            assertEquals(0, store.used(ONE));
        }
    }

    @Test
    void aQuotaThatShrankStillLetsEntriesShrink() {
        try (SqliteKeyValues store = open()) {
            assertTrue(put(store, ONE, bytes("key"), new byte[100], PLENTY));
            assertTrue(put(store, ONE, bytes("key"), new byte[50], 10));
            assertFalse(put(store, ONE, bytes("key"), new byte[60], 10));
        }
    }

    @Test
    void listsKeysByPrefixInOrder() {
        try (SqliteKeyValues store = open()) {
            for (String key : List.of("b", "a1", "a2", "a", "ab")) {
                put(store, ONE, bytes(key), new byte[1], PLENTY);
            }
            put(store, ONE, new byte[] {(byte) 0xFF, (byte) 0xFF}, new byte[1], PLENTY);
            assertEquals(
                    List.of("a", "a1", "a2", "ab"),
                    store.keys(ONE, bytes("a"), 10).stream()
                            .map(key -> new String(key, StandardCharsets.UTF_8))
                            .toList());
            assertEquals(2, store.keys(ONE, bytes("a"), 2).size());
            assertEquals(6, store.keys(ONE, new byte[0], 10).size());
            assertEquals(1, store.keys(ONE, new byte[] {(byte) 0xFF}, 10).size());
        }
    }

    @Test
    void bringsBackWhatANewReleaseChanged() {
        try (SqliteKeyValues store = open()) {
            put(store, ONE, bytes("kept"), bytes("as it was"), PLENTY);
            put(store, ONE, bytes("gone"), bytes("soon"), PLENTY);
            store.handOver(
                    ONE,
                    "release-2",
                    List.of(
                            new KeyValueStore.Write(bytes("kept"), bytes("migrated")),
                            new KeyValueStore.Write(bytes("gone"), null)));
            put(store, ONE, bytes("kept"), bytes("changed again"), PLENTY);
            put(store, ONE, bytes("new"), bytes("entry"), PLENTY);
            put(store, TWO, bytes("kept"), bytes("mine"), PLENTY);
            assertEquals("release-2", store.remembersFor(ONE).orElseThrow());
        }
        try (SqliteKeyValues store = open()) {
            store.handOver(ONE, "release-3", List.of());
            assertEquals("release-2", store.remembersFor(ONE).orElseThrow(), "the way back is to the proven release");
            store.giveBack(ONE);
            assertArrayEquals(bytes("as it was"), store.get(ONE, bytes("kept")).orElseThrow());
            assertArrayEquals(bytes("soon"), store.get(ONE, bytes("gone")).orElseThrow());
            assertTrue(store.get(ONE, bytes("new")).isEmpty());
            assertArrayEquals(bytes("mine"), store.get(TWO, bytes("kept")).orElseThrow());
            assertEquals(2L * (4 + KeyValueStore.ENTRY_COST) + 9 + 4, store.used(ONE));
            assertTrue(store.remembersFor(ONE).isEmpty());
            put(store, ONE, bytes("kept"), bytes("later"), PLENTY);
            store.giveBack(ONE);
            assertArrayEquals(bytes("later"), store.get(ONE, bytes("kept")).orElseThrow(), "nothing is remembered");
        }
    }

    @Test
    void forgetsTheWayBackOnceItIsSettled() {
        try (SqliteKeyValues store = open()) {
            put(store, ONE, bytes("key"), bytes("old"), PLENTY);
            store.handOver(ONE, "release-2", List.of(new KeyValueStore.Write(bytes("key"), bytes("new"))));
            store.settle(ONE);
            store.giveBack(ONE);
            assertArrayEquals(bytes("new"), store.get(ONE, bytes("key")).orElseThrow());
        }
    }

    @Test
    void aWriteOfAFailedReleaseWhoseTurnComesAfterTheReturnIsUndoneWhole() {
        try (SqliteKeyValues store = open()) {
            put(store, ONE, bytes("key"), bytes("old"), PLENTY);
            store.handOver(ONE, "new release", List.of());
            put(store, ONE, bytes("key"), bytes("new"), PLENTY);
            store.giveBack(ONE);
            Runnable ended = () -> {
                throw new KillException(KillCause.STOPPED);
            };
            byte[] key = bytes("key");
            assertThrows(KillException.class, () -> store.put(ONE, key, bytes("late"), PLENTY, ended));
            assertThrows(KillException.class, () -> store.delete(ONE, key, ended));
            assertEquals("old", new String(store.get(ONE, key).orElseThrow(), StandardCharsets.UTF_8));
            assertTrue(put(store, ONE, bytes("other"), bytes("later"), PLENTY), "the next transaction begins anew");
        }
    }

    private void sql(String... statements) throws Exception {
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + dir.resolve("kv.db"));
                var sql = connection.createStatement()) {
            for (String statement : statements) {
                sql.execute(statement);
            }
        }
    }

    @Test
    void aValueThatIsNoBytesConcernsItsKeyAloneUntilItIsWrittenAnew() throws Exception {
        try (SqliteKeyValues store = open()) {
            put(store, ONE, bytes("good"), bytes("value"), PLENTY);
            put(store, ONE, bytes("ill"), bytes("value"), PLENTY);
            put(store, ONE, bytes("gone"), bytes("value"), PLENTY);
        }
        sql(
                "UPDATE entry SET value = 'text' WHERE key = x'696c6c'",
                "UPDATE entry SET value = 7.5 WHERE key = x'676f6e65'");
        try (SqliteKeyValues store = open()) {
            assertEquals(List.of(), store.damages());
            String why = String.valueOf(assertThrows(StoreException.class, () -> store.get(ONE, bytes("ill")))
                    .getMessage());
            assertEquals(
                    "kv.db, table entry, app com.acme.one, key \"ill\": text stands where bytes should be; write or"
                            + " delete the entry",
                    why);
            assertThrows(StoreException.class, () -> store.get(ONE, bytes("gone")));
            assertArrayEquals(bytes("value"), store.get(ONE, bytes("good")).orElseThrow());
            assertEquals(3, store.keys(ONE, new byte[0], 10).size());
            assertTrue(put(store, ONE, bytes("ill"), bytes("value"), PLENTY));
            assertArrayEquals(bytes("value"), store.get(ONE, bytes("ill")).orElseThrow());
            assertTrue(delete(store, ONE, bytes("gone")));
            assertTrue(store.get(ONE, bytes("gone")).isEmpty());
        }
    }

    @Test
    void entriesThatNobodyCanNameAreDeletedOnceAndTheSumIsRight() throws Exception {
        try (SqliteKeyValues store = open()) {
            put(store, ONE, bytes("key"), new byte[10], PLENTY);
            put(store, ONE, bytes("lost"), new byte[100], PLENTY);
            put(store, TWO, bytes("key"), new byte[10], PLENTY);
        }
        sql(
                "UPDATE entry SET key = 'lost' WHERE key = x'6c6f7374'",
                "UPDATE account SET bytes = 'many' WHERE app = '" + TWO + "'");
        long left = 3 + 10 + KeyValueStore.ENTRY_COST;
        try (SqliteKeyValues store = open()) {
            assertEquals(
                    List.of(
                            "kv.db, app com.acme.one: keys that are no bytes; those entries are deleted",
                            "kv.db, app com.acme.two: its sum is no number; its entries are counted anew"),
                    store.damages());
            assertEquals(left, store.used(ONE));
            assertEquals(left, store.used(TWO));
        }
        sql("UPDATE account SET bytes = -5 WHERE app = '" + TWO + "'");
        try (SqliteKeyValues store = open()) {
            assertEquals(1, store.damages().size());
            assertEquals(left, store.used(TWO));
        }
        try (SqliteKeyValues store = open()) {
            assertEquals(List.of(), store.damages());
        }
    }

    @Test
    void dataThatAreRememberedForNoReleaseStayAsTheyAre() throws Exception {
        try (SqliteKeyValues store = open()) {
            put(store, ONE, bytes("key"), bytes("old"), PLENTY);
            store.handOver(ONE, "release", List.of());
            put(store, ONE, bytes("key"), bytes("new"), PLENTY);
        }
        sql("UPDATE kept SET release = x'00'");
        try (SqliteKeyValues store = open()) {
            String why = String.valueOf(assertThrows(StoreException.class, () -> store.remembersFor(ONE))
                    .getMessage());
            assertTrue(why.contains("table kept, app com.acme.one: 1 bytes stands where a release should be"), why);
            assertArrayEquals(bytes("new"), store.get(ONE, bytes("key")).orElseThrow());
            store.settle(ONE);
            assertTrue(store.remembersFor(ONE).isEmpty());
        }
    }

    @Test
    void saysWhatIsWrongWithAFileItCannotUse() throws Exception {
        Files.writeString(dir.resolve("kv.db"), "this is not a database, it is a letter to nobody in particular");
        String garbage = refused();
        assertTrue(garbage.contains("kv.db") && garbage.contains("move it away"), garbage);
        Files.delete(dir.resolve("kv.db"));
        AgentStore.open(dir, SEAL).close();
        Files.copy(dir.resolve("agent.db"), dir.resolve("kv.db"));
        assertTrue(refused().contains("a database of another program"), refused());
        Files.delete(dir.resolve("kv.db"));
        open().close();
        try (var newer = DriverManager.getConnection("jdbc:sqlite:" + dir.resolve("kv.db"));
                var sql = newer.createStatement()) {
            sql.execute("PRAGMA user_version = 99");
        }
        assertTrue(refused().contains("schema version 99"), refused());
    }

    private String refused() {
        return String.valueOf(
                assertThrows(StoreException.class, () -> open().close()).getMessage());
    }
}

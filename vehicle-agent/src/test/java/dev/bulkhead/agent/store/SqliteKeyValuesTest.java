package dev.bulkhead.agent.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulkhead.agent.host.KeyValueStore;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SqliteKeyValuesTest {
    private static final String ONE = "com.acme.one";
    private static final String TWO = "com.acme.two";
    private static final long PLENTY = 1 << 20;

    @TempDir
    Path dir;

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private SqliteKeyValues open() {
        return SqliteKeyValues.open(dir.resolve("kv.db"));
    }

    @Test
    void keepsEntriesOverARestartAndApartByApp() {
        try (SqliteKeyValues store = open()) {
            assertTrue(store.put(ONE, bytes("key"), bytes("mine"), PLENTY));
            assertTrue(store.put(TWO, bytes("key"), bytes("yours"), PLENTY));
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
            assertTrue(store.put(ONE, bytes("key"), new byte[10], cost));
            assertEquals(cost, store.used(ONE));
            assertFalse(store.put(ONE, bytes("key"), new byte[11], cost));
            assertArrayEquals(new byte[10], store.get(ONE, bytes("key")).orElseThrow());
            assertFalse(store.put(ONE, bytes("k"), new byte[0], cost));
            assertTrue(store.put(ONE, bytes("key"), new byte[4], cost));
            assertEquals(cost - 6, store.used(ONE));
            assertTrue(store.delete(ONE, bytes("key")));
            assertFalse(store.delete(ONE, bytes("key")));
            assertEquals(0, store.used(ONE));
        }
    }

    @Test
    void aQuotaThatShrankStillLetsEntriesShrink() {
        try (SqliteKeyValues store = open()) {
            assertTrue(store.put(ONE, bytes("key"), new byte[100], PLENTY));
            assertTrue(store.put(ONE, bytes("key"), new byte[50], 10));
            assertFalse(store.put(ONE, bytes("key"), new byte[60], 10));
        }
    }

    @Test
    void listsKeysByPrefixInOrder() {
        try (SqliteKeyValues store = open()) {
            for (String key : List.of("b", "a1", "a2", "a", "ab")) {
                store.put(ONE, bytes(key), new byte[1], PLENTY);
            }
            store.put(ONE, new byte[] {(byte) 0xFF, (byte) 0xFF}, new byte[1], PLENTY);
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
            store.put(ONE, bytes("kept"), bytes("as it was"), PLENTY);
            store.put(ONE, bytes("gone"), bytes("soon"), PLENTY);
            store.handOver(
                    ONE,
                    "release-2",
                    List.of(
                            new KeyValueStore.Write(bytes("kept"), bytes("migrated")),
                            new KeyValueStore.Write(bytes("gone"), null)));
            store.put(ONE, bytes("kept"), bytes("changed again"), PLENTY);
            store.put(ONE, bytes("new"), bytes("entry"), PLENTY);
            store.put(TWO, bytes("kept"), bytes("mine"), PLENTY);
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
            store.put(ONE, bytes("kept"), bytes("later"), PLENTY);
            store.giveBack(ONE);
            assertArrayEquals(bytes("later"), store.get(ONE, bytes("kept")).orElseThrow(), "nothing is remembered");
        }
    }

    @Test
    void forgetsTheWayBackOnceItIsSettled() {
        try (SqliteKeyValues store = open()) {
            store.put(ONE, bytes("key"), bytes("old"), PLENTY);
            store.handOver(ONE, "release-2", List.of(new KeyValueStore.Write(bytes("key"), bytes("new"))));
            store.settle(ONE);
            store.giveBack(ONE);
            assertArrayEquals(bytes("new"), store.get(ONE, bytes("key")).orElseThrow());
        }
    }
}

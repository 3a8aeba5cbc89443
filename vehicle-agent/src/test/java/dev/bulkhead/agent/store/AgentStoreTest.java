package dev.bulkhead.agent.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulkhead.agent.lifecycle.AppSlot;
import dev.bulkhead.agent.lifecycle.DurableSlot;
import dev.bulkhead.agent.lifecycle.Durables;
import dev.bulkhead.agent.lifecycle.ReleaseRef;
import dev.bulkhead.agent.lifecycle.ReleaseStore;
import dev.bulkhead.agent.lifecycle.StoredRelease;
import dev.bulkhead.agent.lifecycle.UpdateOutcome;
import dev.bulkhead.agent.lifecycle.UpdateReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.sql.DriverManager;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AgentStoreTest {
    private static final String APP = "com.acme.app";

    private static final RowSeal SEAL = RowSeal.with(new byte[] {7});

    @TempDir
    Path dir;

    private static String sha256(byte[] bytes) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    }

    private static ReleaseRef ref(long release, String digest) {
        return new ReleaseRef(APP, release + ".0.0", release, digest);
    }

    private StoredRelease put(AgentStore store, long release, byte[] content) throws Exception {
        Path file = Files.write(dir.resolve("in-" + release), content);
        StoredRelease stored =
                new StoredRelease(ref(release, sha256(content)), "ab".repeat(32), "acme", content.length);
        store.store(stored, file);
        return stored;
    }

    @Test
    void keepsSlotsOverARestart() throws Exception {
        DurableSlot slot;
        try (AgentStore store = AgentStore.open(dir, SEAL)) {
            StoredRelease one = put(store, 1, new byte[] {1});
            StoredRelease two = put(store, 2, new byte[] {2});
            slot = new DurableSlot(
                    APP,
                    AppSlot.Wish.STOP,
                    Optional.of(two.release()),
                    Optional.of(one.release()),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.of("order"),
                    Optional.empty(),
                    Optional.of("walled off"),
                    Optional.of(new DurableSlot.Membership("spring", AppSlot.Wish.RUN)),
                    List.of(
                            new DurableSlot.Order("STOP", "the local\noperator", Optional.empty()),
                            new DurableSlot.Order("DESIRE", "order-2", Optional.of(two.release()))));
            store.save(new Durables(List.of(slot), List.of(), Map.of()));
        }
        try (AgentStore store = AgentStore.open(dir, SEAL)) {
            assertEquals(List.of(slot), store.survival().slots());
            store.purge(APP);
            assertTrue(store.survival().slots().isEmpty());
        }
    }

    @Test
    void keepsTheHighestProvenReleaseForGood() throws Exception {
        String digest = "cd".repeat(32);
        try (AgentStore store = AgentStore.open(dir, SEAL)) {
            assertEquals(OptionalLong.empty(), store.floor(APP));
            store.save(Durables.news(List.of(new UpdateReport("a", ref(7, digest), new UpdateOutcome.Proven()))));
            store.save(Durables.news(List.of(new UpdateReport("b", ref(5, digest), new UpdateOutcome.Proven()))));
            store.save(Durables.news(List.of(new UpdateReport("c", ref(9, digest), new UpdateOutcome.Failed("trap")))));
            store.purge(APP);
        }
        try (AgentStore store = AgentStore.open(dir, SEAL)) {
            assertEquals(OptionalLong.of(7), store.floor(APP));
        }
    }

    @Test
    void keepsTheLastReportOfEachApp() throws Exception {
        String digest = "cd".repeat(32);
        UpdateReport last = new UpdateReport(
                "b", ref(2, digest), new UpdateOutcome.RolledBack(ref(1, "ef".repeat(32)), "trap: unreachable"));
        try (AgentStore store = AgentStore.open(dir, SEAL)) {
            store.save(Durables.news(
                    List.of(new UpdateReport("a", ref(1, digest), new UpdateOutcome.Waiting("Vehicle.Speed == 0")))));
            store.save(Durables.news(List.of(last)));
        }
        try (AgentStore store = AgentStore.open(dir, SEAL)) {
            assertEquals(List.of(last), store.reports());
        }
    }

    @Test
    void refusesBytesOfAnotherDigestAndKeepsNothingOfThem() throws Exception {
        try (AgentStore store = AgentStore.open(dir, SEAL)) {
            Path file = Files.write(dir.resolve("in"), new byte[] {1, 2, 3});
            StoredRelease lies = new StoredRelease(ref(1, "00".repeat(32)), "ab".repeat(32), "acme", 3);
            assertThrows(ReleaseStore.StorageRefusal.class, () -> store.store(lies, file));
            assertTrue(store.all().isEmpty());
            assertTrue(store.content("00".repeat(32)).isEmpty());
        }
    }

    @Test
    void noticesABlobThatWasDamaged() throws Exception {
        try (AgentStore store = AgentStore.open(dir, SEAL)) {
            String digest = put(store, 1, new byte[] {1, 2, 3}).release().packageDigest();
            assertArrayEquals(new byte[] {1, 2, 3}, store.content(digest).orElseThrow());
            Files.write(dir.resolve("blobs").resolve(digest.substring(0, 2)).resolve(digest), new byte[] {1, 2, 4});
            StoreException damaged = assertThrows(StoreException.class, () -> store.content(digest));
            assertTrue(String.valueOf(damaged.getMessage()).contains("damaged"), damaged.getMessage());
        }
    }

    @Test
    void sweepsAwayWhatAPowerCutLeft() throws Exception {
        String digest;
        try (AgentStore store = AgentStore.open(dir, SEAL)) {
            digest = put(store, 1, new byte[] {1}).release().packageDigest();
        }
        Path stray = dir.resolve("blobs/ff").resolve("ff".repeat(32));
        Files.createDirectories(dir.resolve("blobs/ff"));
        Files.write(stray, new byte[] {9});
        Path half = Files.write(dir.resolve("blobs/incoming/half"), new byte[] {9});
        try (AgentStore store = AgentStore.open(dir, SEAL)) {
            assertFalse(Files.exists(stray));
            assertFalse(Files.exists(half));
            assertTrue(store.content(digest).isPresent());
            store.drop(digest);
            assertTrue(store.content(digest).isEmpty());
            assertTrue(store.find(digest).isEmpty());
        }
    }

    @Test
    void refusesADatabaseOfAnotherProgram() throws Exception {
        try (var other = DriverManager.getConnection("jdbc:sqlite:" + dir.resolve("agent.db"));
                var sql = other.createStatement()) {
            sql.execute("CREATE TABLE notes (text TEXT)");
        }
        StoreException foreign = assertThrows(StoreException.class, () -> AgentStore.open(dir, SEAL));
        assertTrue(String.valueOf(foreign.getMessage()).contains("another program"), foreign.getMessage());
    }

    private void sql(String... statements) throws Exception {
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + dir.resolve("agent.db"));
                var sql = connection.createStatement()) {
            for (String statement : statements) {
                sql.execute(statement);
            }
        }
    }

    /** A store as it was before its rows had seals. */
    private void unsealed() throws Exception {
        try (AgentStore store = AgentStore.open(dir, SEAL)) {
            put(store, 1, new byte[] {1});
            store.configure(APP, Map.of("key", "value"));
            store.save(Durables.news(
                    List.of(new UpdateReport("a", ref(7, "cd".repeat(32)), new UpdateOutcome.Proven()))));
        }
        for (String table : List.of("slot", "deferred", "config", "release", "report", "floor", "last_words")) {
            sql("ALTER TABLE " + table + " DROP COLUMN seal");
        }
        sql("DROP TABLE aside", "PRAGMA user_version = 4");
    }

    private void assertWhole() {
        try (AgentStore store = AgentStore.open(dir, SEAL)) {
            assertEquals(List.of(), store.survival().damages());
            assertEquals(1, store.all().size());
            assertEquals(Map.of("key", "value"), store.config(APP));
            assertEquals(OptionalLong.of(7), store.floor(APP));
            assertEquals(1, store.reports().size());
        }
    }

    @Test
    void sealsTheRowsOfAnEarlierAgentOnceAsTheyAre() throws Exception {
        unsealed();
        assertWhole();
        assertWhole();
        sql("UPDATE config SET value = 'other'");
        try (AgentStore store = AgentStore.open(dir, SEAL)) {
            assertEquals(1, store.survival().damages().size());
            assertEquals(Map.of(), store.config(APP), "not sealed a second time");
        }
    }

    @Test
    void aMigrationThatWasCutOffIsDoneAnew() throws Exception {
        unsealed();
        // what comes last in the step is in its way, as a kill would be
        sql("CREATE TABLE aside (number INTEGER)");
        assertThrows(StoreException.class, () -> AgentStore.open(dir, SEAL));
        sql("DROP TABLE aside");
        assertWhole();
    }

    @Test
    void noRowIsTrustedUnderAnotherSecret() throws Exception {
        unsealed();
        assertWhole();
        try (AgentStore store = AgentStore.open(dir, RowSeal.with(new byte[] {8}))) {
            assertEquals(4, store.survival().damages().size());
            assertTrue(store.all().isEmpty());
            assertTrue(store.content(sha256(new byte[] {1})).isPresent(), "and nothing is swept away");
        }
        assertWhole();
    }

    @Test
    void keepsAtMostSoManyRowsThatAreAboutNobody() throws Exception {
        try (AgentStore store = AgentStore.open(dir, SEAL)) {
            assertEquals(0, store.setStraysAside());
            for (int i = 0; i < StrayRows.MOST + 10; i++) {
                sql("INSERT INTO config VALUES ('nobody " + i + "', 'it''s', x'0102', NULL)");
            }
            store.configure(APP, Map.of("key", "value"));
            assertEquals(StrayRows.MOST + 10, store.setStraysAside());
            assertEquals(Map.of("key", "value"), store.config(APP), "it may be there before its app");
        }
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + dir.resolve("agent.db"));
                var rows = connection.createStatement().executeQuery("SELECT count(*), max(cells) FROM aside")) {
            assertEquals(StrayRows.MOST, rows.getInt(1));
            assertEquals("app = 'nobody 99', key = 'it''s', value = x'0102', seal = NULL", rows.getString(2));
        }
    }

    @Test
    void refusesADatabaseOfANewerAgent() throws Exception {
        AgentStore.open(dir, SEAL).close();
        try (var newer = DriverManager.getConnection("jdbc:sqlite:" + dir.resolve("agent.db"));
                var sql = newer.createStatement()) {
            sql.execute("PRAGMA user_version = 99");
        }
        StoreException tooNew = assertThrows(StoreException.class, () -> AgentStore.open(dir, SEAL));
        assertTrue(String.valueOf(tooNew.getMessage()).contains("schema version 99"), tooNew.getMessage());
    }

    @Test
    void saysThatAFileIsNoDatabase() throws IOException {
        Files.writeString(dir.resolve("agent.db"), "this is not a database, it is a letter to nobody in particular");
        StoreException garbage = assertThrows(StoreException.class, () -> AgentStore.open(dir, SEAL));
        assertTrue(String.valueOf(garbage.getMessage()).contains("agent.db"), garbage.getMessage());
    }

    /** A store with enough in it to have inner pages. */
    private Path filled() throws Exception {
        try (AgentStore store = AgentStore.open(dir, SEAL)) {
            for (int app = 0; app < 200; app++) {
                store.configure("com.acme.app" + app, Map.of("key", "v".repeat(500)));
            }
        }
        return dir.resolve("agent.db");
    }

    private void refusedAsDamaged() {
        StoreException damaged = assertThrows(StoreException.class, () -> {
            try (AgentStore store = AgentStore.open(dir, SEAL)) {
                store.survival().slots();
                for (int app = 0; app < 200; app++) {
                    store.config("com.acme.app" + app);
                }
            }
        });
        String message = String.valueOf(damaged.getMessage());
        assertTrue(message.contains("agent.db") && message.contains("move it away"), message);
    }

    @Test
    void saysThatATruncatedFileIsDamagedAndWhatToDo() throws Exception {
        Path file = filled();
        byte[] whole = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(whole, whole.length / 2));
        refusedAsDamaged();
    }

    @Test
    void saysThatAFileWithGarbageInTheMiddleIsDamagedAndWhatToDo() throws Exception {
        Path file = filled();
        byte[] pages = Files.readAllBytes(file);
        Arrays.fill(pages, pages.length / 4, pages.length, (byte) 0xA5);
        Files.write(file, pages);
        refusedAsDamaged();
    }
}

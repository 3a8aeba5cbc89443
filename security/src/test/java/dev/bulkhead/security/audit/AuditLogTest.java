package dev.bulkhead.security.audit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulkhead.contract.proto.AuditEntry;
import dev.bulkhead.security.audit.AuditSettings.OpenCheck;
import dev.bulkhead.security.audit.merkle.Proofs;
import dev.bulkhead.security.audit.merkle.TreeHasher;
import dev.bulkhead.security.audit.note.Checkpoint;
import dev.bulkhead.security.audit.note.NoteSigner;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuditLogTest {
    static final String ORIGIN = "bulkhead/vehicle/TEST1";
    static final TestSigner SIGNER = new TestSigner(7);

    @TempDir
    Path folder;

    private final AtomicLong now = new AtomicLong(1_790_000_000_000L);
    private final InstantSource time = () -> Instant.ofEpochMilli(now.get());

    @Test
    void whatWasCommittedIsThereAfterReopening() {
        try (AuditLog log = open()) {
            for (int i = 0; i < 1000; i++) {
                assertEquals(i, log.append(entry(i)));
                now.addAndGet(10);
            }
            assertEquals(0, log.durableSize());
            log.commit();
            assertEquals(1000, log.durableSize());
        }
        try (AuditLog log = open();
                LogReader reader = log.reader()) {
            assertEquals(1000, log.size());
            assertEquals("app7", LogReader.parse(777, reader.entry(777)).getAppId());
            assertEquals(
                    1_790_000_000_000L + 7770,
                    LogReader.parse(777, reader.entry(777)).getUnixMs());
        }
    }

    @Test
    void aRefusedInstallIsDurableAtOnce() {
        try (AuditLog log = open()) {
            log.append(entry(0));
            log.append(AuditEntry.newBuilder()
                    .setRefused(AuditEntry.Refused.newBuilder().setWhat("package"))
                    .build());
            assertEquals(2, log.durableSize());
        }
    }

    @Test
    void aDeniedActuationIsDurableAtOnceADeniedReadIsNot() {
        try (AuditLog log = open()) {
            log.append(denied("signal Vehicle.Speed read"));
            assertEquals(0, log.durableSize());
            log.append(denied("signal Vehicle.Chassis.Brake actuate"));
            assertEquals(2, log.durableSize());
        }
    }

    @Test
    void aFullBufferCommitsByItself() {
        var settings = new AuditSettings(ORIGIN, 10, 0, OpenCheck.EVERYTHING);
        try (AuditLog log = AuditLog.open(folder.resolve("audit.db"), settings, SIGNER, time)) {
            for (int i = 0; i < 25; i++) {
                log.append(entry(i));
            }
            assertEquals(20, log.durableSize());
        }
    }

    @Test
    void timeNeverGoesBackWithinTheLog() {
        try (AuditLog log = open()) {
            log.append(entry(0));
            now.addAndGet(-5000);
            log.append(entry(1));
            log.commit();
        }
        try (AuditLog log = open();
                LogReader reader = log.reader()) {
            log.append(entry(2));
            log.commit();
            assertEquals(1_790_000_000_000L, LogReader.parse(1, reader.entry(1)).getUnixMs());
            assertEquals(1_790_000_000_000L, LogReader.parse(2, reader.entry(2)).getUnixMs());
        }
    }

    @Test
    void checkpointsAreSignedStoredAndProvable() {
        try (AuditLog log = open();
                LogReader reader = log.reader()) {
            for (int i = 0; i < 700; i++) {
                log.append(entry(i));
            }
            Checkpoint first = Checkpoint.open(log.checkpoint().bytes(), SIGNER.noteKey(ORIGIN));
            for (int i = 0; i < 70; i++) {
                log.append(entry(i));
            }
            byte[] note = log.checkpoint().bytes();
            Checkpoint second = Checkpoint.open(note, SIGNER.noteKey(ORIGIN));
            assertEquals(770, second.size());
            assertArrayEquals(note, reader.newestCheckpoint().orElseThrow());
            assertTrue(Proofs.consistent(
                    700, first.root(), 770, second.root(), reader.tree(770).consistencyProof(700)));
            var leaf = new TreeHasher().leaf(reader.entry(300));
            assertTrue(Proofs.includes(
                    300, leaf, 770, second.root(), reader.tree(770).inclusionProof(300)));
        }
    }

    @Test
    void theSameInputsGiveTheSameRoot() {
        byte[][] notes = new byte[2][];
        for (int run = 0; run < 2; run++) {
            now.set(1000);
            try (AuditLog log = AuditLog.open(folder.resolve(run + ".db"), AuditSettings.of(ORIGIN), SIGNER, time)) {
                for (int i = 0; i < 300; i++) {
                    log.append(entry(i));
                    if (i % (7 + run * 6) == 0) {
                        log.commit();
                    }
                }
                notes[run] = log.checkpoint().bytes();
            }
        }
        assertArrayEquals(notes[0], notes[1]);
    }

    @Test
    void refusesALogWithAChangedEntryAndSaysWhich() throws SQLException {
        fill(600);
        tamper("UPDATE chunk SET data = replace(data, CAST('app4' AS BLOB), CAST('app5' AS BLOB)) WHERE first = 256");
        var damage = assertThrows(DamagedLogException.class, this::open);
        assertEquals(264, damage.index());
        assertTrue(String.valueOf(damage.getMessage()).contains("entry 264"), damage.getMessage());
    }

    @Test
    void refusesALogWithAMissingChunk() throws SQLException {
        fill(600);
        tamper("DELETE FROM chunk WHERE first = 256");
        assertEquals(256, assertThrows(DamagedLogException.class, this::open).index());
    }

    @Test
    void refusesALogWhoseBeginningVanished() throws SQLException {
        fill(600);
        tamper("DELETE FROM chunk WHERE first = 0");
        var damage = assertThrows(DamagedLogException.class, this::open);
        assertTrue(String.valueOf(damage.getMessage()).contains("nothing dropped them"), damage.getMessage());
    }

    @Test
    void refusesALogCutBelowItsCheckpoint() throws SQLException {
        fill(600);
        tamper("DELETE FROM chunk WHERE first >= 512");
        tamper("DELETE FROM hashes WHERE place = 2");
        assertEquals(512, assertThrows(DamagedLogException.class, this::open).index());
    }

    @Test
    void refusesAChangedTile() throws SQLException {
        fill(600);
        tamper("UPDATE hashes SET hashes = randomblob(64) WHERE place = 1 << 56");
        assertThrows(DamagedLogException.class, this::open);
    }

    @Test
    void bringsALogOfFormatOneUpToDate() throws SQLException {
        try (AuditLog log = open()) {
            log.append(AuditEntry.newBuilder()
                    .setAppId("com.acme.climate")
                    .setVersion("1.0.0")
                    .setDeclared(AuditEntry.Declared.newBuilder().setPolicyEpoch(3))
                    .build());
        }
        fill(600);
        alter("CREATE TABLE tile (level INTEGER, idx INTEGER, hashes BLOB NOT NULL, PRIMARY KEY (level, idx))"
                + " WITHOUT ROWID");
        alter("INSERT INTO tile SELECT place >> 56, place & 0xFFFFFFFF, hashes FROM hashes");
        alter("DROP TABLE hashes");
        alter("ALTER TABLE declared DROP COLUMN idx");
        alter("UPDATE meta SET value = '1' WHERE name = 'format'");
        AuditException unread = assertThrows(AuditException.class, () -> LogReader.open(folder.resolve("audit.db")));
        assertTrue(String.valueOf(unread.getMessage()).contains("start its vehicle's agent once"));
        try (AuditLog log = open();
                LogReader reader = log.reader()) {
            assertEquals(601, reader.size());
            assertEquals(
                    List.of(0L),
                    ChangedTouches.between(reader, 0, 601).declarations().stream()
                            .map(ChangedTouches.Declaration::index)
                            .toList());
        }
    }

    @Test
    void refusesACheckpointOfAnotherKey() {
        fill(10);
        assertThrows(
                DamagedLogException.class,
                () -> AuditLog.open(folder.resolve("audit.db"), AuditSettings.of(ORIGIN), new TestSigner(8), time));
    }

    @Test
    void refusesTheLogOfAnotherVehicle() {
        fill(10);
        assertThrows(
                AuditException.class,
                () -> AuditLog.open(folder.resolve("audit.db"), AuditSettings.of("other"), SIGNER, time));
    }

    @Test
    void refusesASecondWriter() {
        try (AuditLog log = open()) {
            assertTrue(String.valueOf(
                            assertThrows(AuditException.class, this::open).getMessage())
                    .contains("another process"));
            log.append(entry(1));
        }
        open().close();
    }

    @Test
    void refusesAFileThatIsNoDatabase() throws Exception {
        Files.writeString(folder.resolve("audit.db"), "x".repeat(5000));
        assertThrows(DamagedLogException.class, this::open);
    }

    @Test
    void actuationStopsBeforeAuditDoes() {
        var free = new AtomicLong(1000);
        var settings = new AuditSettings(ORIGIN, 100, 500, OpenCheck.EVERYTHING);
        try (AuditLog log = AuditLog.open(folder.resolve("audit.db"), settings, SIGNER, time, free::get)) {
            log.append(entry(0));
            log.commit();
            assertTrue(log.condition().mayActuate());
            free.set(400);
            log.append(entry(1));
            log.commit();
            assertFalse(log.condition().mayActuate());
            assertEquals(2, log.durableSize());
            assertTrue(log.condition().inWords().contains("400"));
            free.set(600);
            log.append(entry(2));
            log.commit();
            assertTrue(log.condition().mayActuate());
        }
    }

    @Test
    void aFullDiskLosesNothingThatItAcceptedAndGoesOnWhenThereIsRoom() throws SQLException {
        Path file = folder.resolve("audit.db");
        try (AuditLog log = open()) {
            log.append(entry(0));
            log.commit();
        }
        try (LogStore store = LogStore.open(file, settings(), SIGNER)) {
            store.limitPages(60);
            long written = 0;
            try {
                while (written < 100_000) {
                    store.write(batch(100), Optional.empty(), 0);
                    written += 100;
                }
            } catch (AuditException full) {
                assertTrue(String.valueOf(full.getMessage()).contains("full"), full.getMessage());
            }
            assertEquals(written + 1, store.size());
            assertThrows(AuditException.class, () -> store.write(batch(3000), Optional.empty(), 0));
            store.limitPages(100_000);
            store.write(batch(100), Optional.of(SIGNER), 0);
            assertEquals(written + 101, store.size());
        }
        open().close();
    }

    private static List<PendingEntry> batch(int count) {
        List<PendingEntry> batch = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            batch.add(PendingEntry.of(entry(i)));
        }
        return batch;
    }

    @Test
    void aKeyThatDoesNotSignCostsNoEntry() {
        var broken = new AtomicBoolean(true);
        NoteSigner moody = new NoteSigner() {
            @Override
            public byte[] publicKey() {
                return SIGNER.publicKey();
            }

            @Override
            public byte[] sign(byte[] message) {
                if (broken.get()) {
                    throw new IllegalStateException("the token is gone");
                }
                return SIGNER.sign(message);
            }
        };
        try (AuditLog log = AuditLog.open(folder.resolve("audit.db"), settings(), moody, time)) {
            log.append(entry(0));
            assertThrows(IllegalStateException.class, log::checkpoint);
            assertFalse(log.condition().mayActuate());
            broken.set(false);
            log.append(entry(1));
            log.checkpoint();
            assertEquals(2, log.durableSize());
            assertTrue(log.condition().mayActuate());
        }
        open().close();
    }

    @Test
    void droppedEntriesLeaveTheirHashes() {
        try (AuditLog log = open();
                LogReader reader = log.reader()) {
            for (int i = 0; i < 1000; i++) {
                log.append(entry(i));
            }
            Checkpoint before = Checkpoint.open(log.checkpoint().bytes(), SIGNER.noteKey(ORIGIN));
            assertEquals(512, log.dropBefore(600, "older than 30 days"));
            assertEquals(512, reader.firstRetained());
            assertThrows(DamagedLogException.class, () -> reader.entry(511));
            Checkpoint after = Checkpoint.open(log.checkpoint().bytes(), SIGNER.noteKey(ORIGIN));
            assertEquals(1001, after.size());
            assertTrue(Proofs.consistent(
                    1000, before.root(), 1001, after.root(), reader.tree(1001).consistencyProof(1000)));
            var leaf = new TreeHasher().leaf(stampedBytes(5));
            assertTrue(Proofs.includes(
                    5, leaf, 1001, after.root(), reader.tree(1001).inclusionProof(5)));
        }
        open().close();
    }

    @Test
    void dropsWhatIsTooOldOnceItIsWorthIt() {
        try (AuditLog log = open();
                LogReader reader = log.reader()) {
            for (int i = 0; i < 6000; i++) {
                log.append(entry(i));
                now.addAndGet(60_000);
            }
            log.commit();
            assertEquals(0, log.dropOlderThan(Duration.ofDays(3)));
            now.addAndGet(Duration.ofDays(2).toMillis());
            long first = log.dropOlderThan(Duration.ofDays(3));
            assertEquals(0, first % 256);
            assertTrue(first >= 4096 && first <= 6000 - 24 * 60, "kept from " + first);
            assertEquals(first, reader.firstRetained());
            long counted = TouchTable.of(reader).touches().values().stream()
                    .mapToLong(Tally::firstIndex)
                    .min()
                    .orElse(0);
            assertTrue(counted > first - 600, "sums from " + counted);
        }
        open().close();
    }

    @Test
    void theNewestOfALargeLogIsCheckedAtEachStart() throws SQLException {
        fill(600);
        tamper("UPDATE chunk SET data = replace(data, CAST('app4' AS BLOB), CAST('app5' AS BLOB)) WHERE first = 256");
        try (LogReader reader = LogReader.open(folder.resolve("audit.db"))) {
            new LogCheck(reader, SIGNER.noteKey(ORIGIN), 80).run(OpenCheck.NEWEST);
            var near = new LogCheck(reader, SIGNER.noteKey(ORIGIN), 100);
            assertEquals(
                    504,
                    assertThrows(DamagedLogException.class, () -> near.run(OpenCheck.NEWEST))
                            .index());
            var all = new LogCheck(reader, SIGNER.noteKey(ORIGIN), 600);
            assertEquals(
                    264,
                    assertThrows(DamagedLogException.class, () -> all.run(OpenCheck.NEWEST))
                            .index());
        }
    }

    private byte[] stampedBytes(int i) {
        return entry(i).toBuilder().setUnixMs(now.get()).build().toByteArray();
    }

    private void fill(int count) {
        try (AuditLog log = open()) {
            for (int i = 0; i < count; i++) {
                log.append(entry(i));
            }
            log.checkpoint();
        }
    }

    private void alter(String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("audit.db"));
                Statement statement = connection.createStatement()) {
            statement.executeUpdate(sql);
        }
    }

    private void tamper(String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("audit.db"));
                Statement statement = connection.createStatement()) {
            assertTrue(statement.executeUpdate(sql) > 0, sql);
        }
    }

    private AuditLog open() {
        return AuditLog.open(folder.resolve("audit.db"), settings(), SIGNER, time);
    }

    private static AuditSettings settings() {
        return new AuditSettings(ORIGIN, 8192, 0, OpenCheck.EVERYTHING);
    }

    private static AuditEntry denied(String access) {
        return AuditEntry.newBuilder()
                .setDenied(AuditEntry.Denied.newBuilder().setAccess(access).setRule("r"))
                .build();
    }

    static AuditEntry entry(int i) {
        return AuditEntry.newBuilder()
                .setAppId("app" + i % 10)
                .setVersion("1.0.0")
                .setUsed(AuditEntry.Used.newBuilder()
                        .setAccess("signal Vehicle.Speed read")
                        .setCount(i))
                .build();
    }
}

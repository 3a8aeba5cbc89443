package dev.bulkhead.security.audit.evidence;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulkhead.contract.proto.AuditEntry;
import dev.bulkhead.security.audit.AuditException;
import dev.bulkhead.security.audit.AuditLog;
import dev.bulkhead.security.audit.AuditSettings;
import dev.bulkhead.security.audit.EntryChunk;
import dev.bulkhead.security.audit.LogReader;
import dev.bulkhead.security.audit.TestSigner;
import dev.bulkhead.security.audit.merkle.Tile;
import dev.bulkhead.security.audit.merkle.TileBuilder;
import dev.bulkhead.security.audit.merkle.TreeHasher;
import dev.bulkhead.security.audit.note.Checkpoint;
import dev.bulkhead.security.audit.note.NoteKey;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuditVerifierTest {
    private static final String ORIGIN = "bulkhead/vehicle/TEST1";
    private static final TestSigner SIGNER = new TestSigner(3);
    private static final NoteKey KEY = SIGNER.noteKey(ORIGIN);
    private static final int SIZE = 600;

    @TempDir
    Path folder;

    private final Map<String, byte[]> export = new TreeMap<>();
    private final AtomicLong now = new AtomicLong(1000);
    private final InstantSource time = () -> Instant.ofEpochMilli(now.get());

    /** An export in memory. */
    private record MemoryFiles(Map<String, byte[]> files) implements LogFiles {
        @Override
        public Set<String> paths() {
            return files.keySet();
        }

        @Override
        public Optional<byte[]> read(String path, int cap) {
            return Optional.ofNullable(files.get(path));
        }

        @Override
        public void close() {}
    }

    @BeforeEach
    void exportALog() {
        try (AuditLog log = log("audit.db")) {
            for (int i = 0; i < SIZE; i++) {
                log.append(entry(i));
                now.addAndGet(3);
                if (i == 99 || i == 299) {
                    log.checkpoint();
                }
            }
            export(log, export::put);
        }
    }

    private AuditLog log(String name) {
        return AuditLog.open(folder.resolve(name), AuditSettings.of(ORIGIN), SIGNER, time, () -> Long.MAX_VALUE);
    }

    private static void export(AuditLog log, FileSink sink) {
        log.checkpoint();
        try (LogReader reader = log.reader()) {
            new LogExporter(reader).export(sink);
        }
    }

    @Test
    void believesAnUntouchedLog() {
        VerifiedLog log = verify();
        assertEquals(List.of(), log.findings());
        assertEquals(SIZE, log.head().orElseThrow().size());
        assertEquals(3, log.checkpoints());
    }

    @Test
    void findsEveryFlippedByteOfEveryFile() {
        for (Map.Entry<String, byte[]> file : export.entrySet()) {
            byte[] bytes = file.getValue();
            int step = bytes.length > 300 ? 211 : 3;
            for (int i = 0; i < bytes.length; i += step) {
                bytes[i] ^= (byte) (1 << i % 8);
                assertFalse(verify().isGenuine(), file.getKey() + " byte " + i);
                bytes[i] ^= (byte) (1 << i % 8);
            }
        }
        assertTrue(verify().isGenuine());
    }

    @Test
    void findsEveryFlippedByteOfTheArchive() throws IOException {
        var out = new ByteArrayOutputStream();
        var writer = new LogArchiveWriter(out);
        export.forEach(writer::accept);
        byte[] bytes = out.toByteArray();
        Path file = folder.resolve("log.audit");
        assertTrue(genuine(file, bytes));
        for (int i = 0; i < bytes.length; i += i < 300 ? 3 : 997) {
            bytes[i] ^= 0x10;
            assertFalse(genuine(file, bytes), "byte " + i);
            bytes[i] ^= 0x10;
        }
        for (int length : new int[] {0, 5, 21, 400, bytes.length - 1}) {
            assertFalse(genuine(file, Arrays.copyOf(bytes, length)), "cut at " + length);
        }
    }

    private static boolean genuine(Path file, byte[] bytes) throws IOException {
        Files.write(file, bytes);
        try (LogArchive archive = LogArchive.open(file)) {
            return new AuditVerifier(archive, KEY).verify().isGenuine();
        } catch (AuditException e) {
            return false;
        }
    }

    @Test
    void namesAChangedEntry() {
        rebundle(entries -> {
            entries.get(300)[3] ^= 1;
            return entries;
        });
        expect(Finding.Kind.CHANGED, 300);
    }

    @Test
    void namesADroppedEntry() {
        rebundle(entries -> {
            entries.remove(270);
            entries.add(entries.getLast());
            return entries;
        });
        expectFirst(Finding.Kind.REMOVED, 270);
    }

    @Test
    void namesAnInsertedEntry() {
        rebundle(entries -> {
            entries.add(270, entry(4711).toByteArray());
            entries.removeLast();
            return entries;
        });
        expect(Finding.Kind.INSERTED, 270);
    }

    @Test
    void namesEntriesInAnotherOrder() {
        rebundle(entries -> {
            Collections.swap(entries, 270, 280);
            return entries;
        });
        expect(Finding.Kind.REORDERED, 270);
        expect(Finding.Kind.REORDERED, 280);
    }

    @Test
    void namesAMissingBundle() {
        export.remove(new Tile(0, 1, 256).entriesPath());
        expect(Finding.Kind.TRUNCATED, 256);
    }

    @Test
    void namesAMissingBeginning() {
        export.remove(new Tile(0, 0, 256).entriesPath());
        expect(Finding.Kind.REMOVED, 0);
    }

    @Test
    void namesACutEnd() {
        export.remove(new Tile(0, 2, SIZE - 512).entriesPath());
        expect(Finding.Kind.TRUNCATED, 512);
    }

    @Test
    void findsOutBetweenWhichCheckpointsHistoryWasRewritten() {
        rebundle(entries -> {
            entries.set(150, entry(9).toBuilder().setUnixMs(1450).build().toByteArray());
            return entries;
        });
        rehash();
        VerifiedLog log = verify();
        assertTrue(
                log.findings().stream().anyMatch(f -> f.kind() == Finding.Kind.FORKED && f.index() == 100),
                log.findings().toString());
        assertTrue(
                log.findings().stream().anyMatch(f -> f.what().contains("100..299")),
                log.findings().toString());
    }

    @Test
    void aForkIsFoundWithTheHeadThatTheFleetKept() {
        export.clear();
        Checkpoint known;
        now.set(1000);
        try (AuditLog log = log("one.db")) {
            for (int i = 0; i < 50; i++) {
                log.append(entry(i));
            }
            known = Checkpoint.open(log.checkpoint().bytes(), KEY);
        }
        try (AuditLog log = log("two.db")) {
            for (int i = 0; i < 80; i++) {
                log.append(entry(i == 20 ? 21 : i));
            }
            export(log, export::put);
        }
        assertTrue(verify().isGenuine());
        var verifier = new AuditVerifier(new MemoryFiles(export), KEY, Optional.of(known), (index, entry) -> true);
        assertEquals(
                Finding.Kind.FORKED, verifier.verify().findings().getFirst().kind());
    }

    @Test
    void aLogCutBackToAnOldHeadIsFoundWithANewerOne() {
        Checkpoint newest = Checkpoint.open(file("checkpoint"), KEY);
        export.clear();
        now.set(1000);
        try (AuditLog log = log("short.db")) {
            log.append(entry(0));
            export(log, export::put);
        }
        var verifier = new AuditVerifier(new MemoryFiles(export), KEY, Optional.of(newest), (index, entry) -> true);
        assertEquals(
                Finding.Kind.TRUNCATED, verifier.verify().findings().getFirst().kind());
    }

    @Test
    void refusesTheHeadOfAnotherKey() {
        VerifiedLog log = new AuditVerifier(new MemoryFiles(export), new TestSigner(9).noteKey(ORIGIN)).verify();
        assertEquals(Finding.Kind.CHECKPOINT, log.findings().getFirst().kind());
    }

    @Test
    void namesAFileThatDoesNotBelongThere() {
        export.put("tile/9/000", new byte[1]);
        expectOnly(Finding.Kind.UNEXPECTED, -1);
    }

    @Test
    void believesALogWhoseOldEntriesWereDropped() {
        export.clear();
        try (AuditLog log = log("dropped.db")) {
            for (int i = 0; i < SIZE; i++) {
                log.append(entry(i));
            }
            log.dropBefore(300, "older than 30 days");
            export(log, export::put);
        }
        VerifiedLog log = verify();
        assertEquals(List.of(), log.findings());
        assertEquals(256, log.firstRetained());
        byte[] tile = file("tile/0/000");
        tile[77] ^= 1;
        assertFalse(verify().isGenuine());
    }

    @Test
    void believesALogOfMoreThanOneTileOfTiles() {
        export.clear();
        try (AuditLog log = log("long.db")) {
            for (int i = 0; i < 140_000; i++) {
                log.append(entry(i));
                if (i == 70_000) {
                    log.checkpoint();
                }
            }
            export(log, export::put);
        }
        log("long.db").close();
        VerifiedLog verified = verify();
        assertEquals(List.of(), verified.findings());
        assertEquals(140_000, verified.head().orElseThrow().size());
        file("tile/1/001")[40] ^= 1;
        assertEquals(Finding.Kind.HASHES, verify().findings().getFirst().kind());
    }

    @Test
    void verifiesAFolder() {
        var files = new LogFolder(folder.resolve("exported"));
        export.forEach(files::accept);
        assertTrue(new AuditVerifier(files, KEY).verify().isGenuine());
    }

    private byte[] file(String path) {
        return Objects.requireNonNull(export.get(path));
    }

    private VerifiedLog verify() {
        return new AuditVerifier(new MemoryFiles(export), KEY).verify();
    }

    private void expect(Finding.Kind kind, long index) {
        List<Finding> findings = verify().findings();
        assertTrue(
                findings.stream().anyMatch(f -> f.kind() == kind && f.index() == index),
                () -> "expected " + kind + " at " + index + ", found " + findings);
    }

    private void expectFirst(Finding.Kind kind, long index) {
        expect(kind, index);
    }

    private void expectOnly(Finding.Kind kind, long index) {
        expect(kind, index);
        assertEquals(1, verify().findings().size(), verify().findings().toString());
    }

    /** Changes the list of entries and writes the bundles anew; the hashes stay. */
    private void rebundle(UnaryOperator<List<byte[]>> change) {
        List<byte[]> entries = new ArrayList<>();
        bundles().forEach(tile -> entries.addAll(EntryChunk.decode(file(tile.entriesPath()))));
        List<byte[]> changed = change.apply(entries);
        bundles().forEach(tile -> {
            int from = (int) tile.index() * Tile.WIDTH;
            export.put(tile.entriesPath(), EntryChunk.encode(changed.subList(from, from + tile.width())));
        });
    }

    /** Computes all hashes anew from the entries, as a forger would. */
    private void rehash() {
        var hasher = new TreeHasher();
        var builder = new TileBuilder();
        bundles()
                .forEach(tile -> EntryChunk.decode(file(tile.entriesPath()))
                        .forEach(entry -> builder.append(hasher.leaf(entry))));
        builder.drain((tile, hashes) -> export.put(tile.path(), hashes));
    }

    private static List<Tile> bundles() {
        return List.of(new Tile(0, 0, 256), new Tile(0, 1, 256), new Tile(0, 2, SIZE - 512));
    }

    private static AuditEntry entry(int i) {
        return AuditEntry.newBuilder()
                .setAppId("app" + i)
                .setUsed(AuditEntry.Used.newBuilder().setAccess("signal A read").setCount(i))
                .build();
    }
}

package dev.bulkhead.agent.sandbox;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class FileCodeCacheTest {
    private static final String KEY = "0123456789abcdef";
    private static final Map<String, byte[]> CLASSES = Map.of("a.B", new byte[] {1, 2, 3}, "a.C", new byte[0]);

    @TempDir
    Path folder;

    private final AtomicLong clock = new AtomicLong(1_000_000);

    private FileCodeCache cache(int secret, long mostBytes) {
        byte[] bytes = new byte[16];
        bytes[0] = (byte) secret;
        return new FileCodeCache(folder, bytes, mostBytes, clock::incrementAndGet);
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.toList();
        }
    }

    @Test
    void givesBackWhatWasStored() {
        cache(1, 10_000).store(KEY, CLASSES);
        StoredClasses loaded = cache(1, 10_000).load(KEY).orElseThrow();
        assertArrayEquals(CLASSES.get("a.B"), loaded.find("a.B").orElseThrow());
        assertArrayEquals(CLASSES.get("a.C"), loaded.find("a.C").orElseThrow());
        assertFalse(loaded.contains("a.D"));
        assertTrue(loaded.find("a.D").isEmpty());
    }

    @Test
    void givesNoClassOutOfAFileWithAnyByteChanged() throws IOException {
        cache(1, 10_000).store(KEY, CLASSES);
        Path file = files().getFirst();
        byte[] bytes = Files.readAllBytes(file);
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] ^= 1;
            Files.write(file, bytes);
            bytes[i] ^= 1;
            assertTrue(
                    cache(1, 10_000)
                            .load(KEY)
                            .flatMap(classes -> classes.find("a.B"))
                            .isEmpty(),
                    "byte " + i);
            assertFalse(Files.exists(file), "byte " + i);
        }
    }

    @Test
    void forgetsAFileOfAnotherLength() throws IOException {
        cache(1, 10_000).store(KEY, CLASSES);
        Path file = files().getFirst();
        byte[] bytes = Files.readAllBytes(file);
        for (int length = 0; length <= bytes.length + 1; length++) {
            if (length != bytes.length) {
                Files.write(file, Arrays.copyOf(bytes, length));
                assertTrue(cache(1, 10_000).load(KEY).isEmpty(), "length " + length);
                assertFalse(Files.exists(file), "length " + length);
            }
        }
    }

    @Test
    void goesOnWithWhatItReadWhenTheFileChangesUnderARunningModule() throws IOException {
        cache(1, 10_000).store(KEY, CLASSES);
        StoredClasses loaded = cache(1, 10_000).load(KEY).orElseThrow();
        Files.write(files().getFirst(), new byte[1_000]);
        assertArrayEquals(CLASSES.get("a.B"), loaded.find("a.B").orElseThrow());
    }

    @Test
    void doesNotBelieveAFileOfAnotherInstallation() {
        cache(1, 10_000).store(KEY, CLASSES);
        assertTrue(cache(2, 10_000).load(KEY).isEmpty());
    }

    @Test
    void doesNotBelieveAFileStoredUnderAnotherKey() throws IOException {
        cache(1, 10_000).store(KEY, CLASSES);
        Path file = files().getFirst();
        Files.move(file, file.resolveSibling("fedcba9876543210.code"));
        assertTrue(cache(1, 10_000).load("fedcba9876543210").isEmpty());
    }

    @Test
    void dropsTheLongestUnusedWhenFull() {
        FileCodeCache cache = cache(1, 350);
        cache.store("aaaaaaaaaaaaaaaa", Map.of("x", new byte[60]));
        cache.store("bbbbbbbbbbbbbbbb", Map.of("x", new byte[60]));
        assertTrue(cache.load("aaaaaaaaaaaaaaaa").isPresent());
        cache.store("cccccccccccccccc", Map.of("x", new byte[60]));
        assertTrue(cache.load("bbbbbbbbbbbbbbbb").isEmpty());
        assertTrue(cache.load("aaaaaaaaaaaaaaaa").isPresent());
    }

    @Test
    void compilesAgainWhenAClassIsNotWhatWasStored() throws IOException {
        byte[] module = Wat.bytes("(module (func (export \"f\") (result i32) i32.const 9))");
        assertEquals(new Outcome.Returned(List.of(9L)), instance(module).call("f"));
        Path file = files().getFirst();
        byte[] good = Files.readAllBytes(file);
        int table = ByteBuffer.wrap(good).getInt(32);
        for (int i = 36 + table; i < good.length; i += 23) {
            byte[] bad = good.clone();
            bad[i] ^= 1;
            Files.write(file, bad);
            assertEquals(new Outcome.Returned(List.of(9L)), instance(module).call("f"), "byte " + i);
        }
        assertEquals(1, files().size());
        assertArrayEquals(good, Files.readAllBytes(file));
    }

    private Instance instance(byte[] module) {
        return CompilingEngine.metered(cache(1, 1_000_000))
                .compile(module, Limits.forMemory(Wat.PLENTY), ImportGate.none())
                .instantiate(HostImports.none(), Budget.unlimitedCpu(Wat.PLENTY), CpuMeter.unlimited());
    }

    @Test
    void runsAModuleFromTheCacheAsFreshlyCompiled() throws IOException {
        byte[] module = Wat.bytes("(module (func (export \"f\") (result i32) i32.const 9))");
        for (int i = 0; i < 2; i++) {
            assertEquals(new Outcome.Returned(List.of(9L)), instance(module).call("f"));
        }
        assertEquals(1, files().size());
    }
}

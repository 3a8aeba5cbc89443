package dev.bulkhead.agent.sandbox;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * A folder of files, one for each key, each authentic by a secret of this installation ({@link CodeFile}). One that was cut, changed or made
 * elsewhere does not verify and is deleted. Oldest used go first when the folder grows beyond its bound. Thread-safe.
 */
public final class FileCodeCache implements CodeCache {
    private static final String SUFFIX = ".code";

    private final Path folder;
    private final byte[] secret;
    private final long mostBytes;
    private final LongSupplier unixMillis;

    /**
     * Uses a folder, which is made when something is stored first.
     *
     * @param secret at least 16 bytes, known to this installation only
     * @param mostBytes bound of all files together
     * @param unixMillis clock for the order of use
     */
    public FileCodeCache(Path folder, byte[] secret, long mostBytes, LongSupplier unixMillis) {
        if (secret.length < 16) {
            throw new IllegalArgumentException("the cache's secret needs 16 bytes at least: " + secret.length);
        }
        this.folder = folder;
        this.secret = secret.clone();
        this.mostBytes = mostBytes;
        this.unixMillis = unixMillis;
    }

    @Override
    public synchronized Optional<StoredClasses> load(String key) {
        Path file = file(key);
        try {
            if (!Files.exists(file) || Files.size(file) > mostBytes) {
                return Optional.empty();
            }
            byte[] bytes = Files.readAllBytes(file);
            Files.setLastModifiedTime(file, FileTime.fromMillis(unixMillis.getAsLong()));
            Optional<StoredClasses> stored = CodeFile.open(bytes, authentic(key), () -> forget(file));
            if (stored.isEmpty()) {
                forget(file);
            }
            return stored;
        } catch (IOException unreadable) {
            return Optional.empty();
        }
    }

    /** Another file may have taken its place meanwhile, which then is made once more. */
    private static void forget(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException stays) {
            // it will be refused again
            return;
        }
    }

    @Override
    public synchronized void store(String key, Map<String, byte[]> classes) {
        byte[] bytes = CodeFile.write(classes, authentic(key));
        if (bytes.length > mostBytes) {
            return;
        }
        try {
            Files.createDirectories(folder);
            Path fresh = Files.createTempFile(folder, "fresh", ".part");
            Files.write(fresh, bytes);
            Files.setLastModifiedTime(fresh, FileTime.fromMillis(unixMillis.getAsLong()));
            Files.move(fresh, file(key), StandardCopyOption.ATOMIC_MOVE);
            trim();
        } catch (IOException full) {
            // nothing is lost but time
            return;
        }
    }

    private void trim() throws IOException {
        List<Path> files;
        try (Stream<Path> all = Files.list(folder)) {
            files = all.sorted(Comparator.comparingLong(FileCodeCache::lastUse)).toList();
        }
        long total = 0;
        for (Path file : files) {
            total += Files.size(file);
        }
        for (Path file : files) {
            if (total <= mostBytes) {
                return;
            }
            total -= Files.size(file);
            Files.delete(file);
        }
    }

    private static long lastUse(Path file) {
        try {
            return Files.getLastModifiedTime(file).toMillis();
        } catch (IOException e) {
            return 0;
        }
    }

    private Path file(String key) {
        if (key.length() < 16 || key.length() > 128 || !key.chars().allMatch(FileCodeCache::isHex)) {
            throw new IllegalArgumentException("a cache key is lower-case hex: " + key);
        }
        return folder.resolve(key.concat(SUFFIX));
    }

    private static boolean isHex(int c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
    }

    /** What only this installation can say of bytes stored under a key. */
    private UnaryOperator<byte[]> authentic(String key) {
        return bytes -> Hmac.sha256(secret, key.getBytes(StandardCharsets.US_ASCII), bytes);
    }
}

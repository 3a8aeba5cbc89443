package dev.bulkhead.agent.sandbox;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * A folder of files, one for each key: an HMAC-SHA-256 under a key of this installation, then the classes. A file that was cut, changed or made
 * elsewhere does not verify and is deleted. Oldest used go first when the folder grows beyond its bound. Thread-safe.
 */
public final class FileCodeCache implements CodeCache {
    private static final int MAC_BYTES = 32;
    private static final int MOST_CLASSES = 1_000;
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
    public synchronized Optional<Map<String, byte[]>> load(String key) {
        Path file = file(key);
        try {
            if (!Files.exists(file) || Files.size(file) > mostBytes) {
                return Optional.empty();
            }
            byte[] bytes = Files.readAllBytes(file);
            if (bytes.length < MAC_BYTES) {
                Files.delete(file);
                return Optional.empty();
            }
            byte[] body = Arrays.copyOfRange(bytes, MAC_BYTES, bytes.length);
            if (!MessageDigest.isEqual(Arrays.copyOf(bytes, MAC_BYTES), mac(key, body))) {
                Files.delete(file);
                return Optional.empty();
            }
            Files.setLastModifiedTime(file, FileTime.fromMillis(unixMillis.getAsLong()));
            return Optional.of(unpack(body));
        } catch (IOException | UncheckedIOException unreadable) {
            return Optional.empty();
        }
    }

    @Override
    public synchronized void store(String key, Map<String, byte[]> classes) {
        byte[] body = pack(classes);
        if (body.length + MAC_BYTES > mostBytes) {
            return;
        }
        try {
            Files.createDirectories(folder);
            Path file = file(key);
            Path fresh = Files.createTempFile(folder, "fresh", ".part");
            ByteArrayOutputStream whole = new ByteArrayOutputStream();
            whole.write(mac(key, body));
            whole.write(body);
            Files.write(fresh, whole.toByteArray());
            Files.setLastModifiedTime(fresh, FileTime.fromMillis(unixMillis.getAsLong()));
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
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
        if (!key.matches("[0-9a-f]{16,128}")) {
            throw new IllegalArgumentException("a cache key is lower-case hex: " + key);
        }
        return folder.resolve(key + SUFFIX);
    }

    private byte[] mac(String key, byte[] body) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret, "HmacSHA256"));
            mac.update(key.getBytes(StandardCharsets.US_ASCII));
            return mac.doFinal(body);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has HmacSHA256", e);
        }
    }

    private static byte[] pack(Map<String, byte[]> classes) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeInt(classes.size());
            for (Map.Entry<String, byte[]> entry : new TreeMap<>(classes).entrySet()) {
                out.writeUTF(entry.getKey());
                out.writeInt(entry.getValue().length);
                out.write(entry.getValue());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static Map<String, byte[]> unpack(byte[] body) throws IOException {
        Map<String, byte[]> classes = new LinkedHashMap<>();
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(body))) {
            int count = in.readInt();
            if (count < 0 || count > MOST_CLASSES) {
                throw new IOException(count + " classes");
            }
            for (int i = 0; i < count; i++) {
                String name = in.readUTF();
                int length = in.readInt();
                if (length < 0 || length > body.length) {
                    throw new IOException("class of " + length + " bytes");
                }
                classes.put(name, in.readNBytes(length));
            }
        }
        return classes;
    }
}

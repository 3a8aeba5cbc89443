package dev.bulkhead.agent.store;

import dev.bulkhead.contract.pack.Digest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Files named by the SHA-256 of their bytes. A blob appears whole or not at all: written aside, forced to disk, renamed, and the folder
 * forced too. Thread-safe.
 */
public final class BlobStore {
    private static final int CHUNK = 1 << 16;

    private final Path folder;
    private final Path aside;

    private BlobStore(Path folder) {
        this.folder = folder;
        this.aside = folder.resolve("incoming");
    }

    /** Opens the folder, making it if needed, and removes what an earlier run left half-written. */
    public static BlobStore open(Path folder) {
        BlobStore store = new BlobStore(folder);
        try {
            Files.createDirectories(store.aside);
            for (Path left : list(store.aside)) {
                Files.deleteIfExists(left);
            }
            return store;
        } catch (IOException e) {
            throw new StoreException("cannot prepare the blob folder " + folder, e);
        }
    }

    /** Copies a file in. Does nothing when the blob is there already. Throws when its bytes have another digest. */
    public void put(String digest, Path content) {
        Path target = path(digest);
        if (Files.exists(target)) {
            return;
        }
        Path partial = aside.resolve(digest + "." + Thread.currentThread().threadId());
        try {
            String found = copy(content, partial);
            if (!found.equals(digest)) {
                throw new StoreException("bytes of " + content + " have digest " + found + ", not " + digest);
            }
            Path shelf = shelf(digest);
            Files.createDirectories(shelf);
            move(partial, target);
            force(shelf);
        } catch (IOException e) {
            throw new StoreException("cannot store blob " + digest + ": " + e.getMessage(), e);
        } finally {
            discard(partial);
        }
    }

    private static void move(Path from, Path to) throws IOException {
        try {
            Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException e) {
            throw new IOException("the file system of " + to + " cannot rename atomically", e);
        }
    }

    private static String copy(Path from, Path to) throws IOException {
        MessageDigest sha256 = sha256();
        try (FileChannel in = FileChannel.open(from, StandardOpenOption.READ);
                FileChannel out = FileChannel.open(
                        to,
                        Set.of(
                                StandardOpenOption.CREATE,
                                StandardOpenOption.WRITE,
                                StandardOpenOption.TRUNCATE_EXISTING))) {
            ByteBuffer chunk = ByteBuffer.allocate(CHUNK);
            while (in.read(chunk.clear()) >= 0) {
                sha256.update(chunk.flip().duplicate());
                while (chunk.hasRemaining()) {
                    out.write(chunk);
                }
            }
            out.force(true);
        }
        return HexFormat.of().formatHex(sha256.digest());
    }

    /** The bytes of a blob, checked against its name; empty when it is missing. */
    public Optional<byte[]> read(String digest) {
        Path file = path(digest);
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try {
            byte[] bytes = Files.readAllBytes(file);
            String found = HexFormat.of().formatHex(sha256().digest(bytes));
            if (!found.equals(digest)) {
                throw new StoreException("blob " + file + " is damaged: its bytes have digest " + found);
            }
            return Optional.of(bytes);
        } catch (IOException e) {
            throw new StoreException("cannot read blob " + file + ": " + e.getMessage(), e);
        }
    }

    public boolean holds(String digest) {
        return Files.exists(path(digest));
    }

    /** Removes a blob. Idempotent. */
    public void drop(String digest) {
        try {
            Files.deleteIfExists(path(digest));
        } catch (IOException e) {
            throw new StoreException("cannot remove blob " + digest + ": " + e.getMessage(), e);
        }
    }

    /** Removes every blob that is not in {@code keep}; returns how many. */
    public int sweep(Set<String> keep) {
        int removed = 0;
        try {
            for (Path shelf : list(folder)) {
                if (shelf.equals(aside) || !Files.isDirectory(shelf)) {
                    continue;
                }
                for (Path blob : list(shelf)) {
                    if (!keep.contains(blob.getFileName().toString())) {
                        Files.deleteIfExists(blob);
                        removed++;
                    }
                }
            }
            return removed;
        } catch (IOException e) {
            throw new StoreException("cannot sweep the blob folder " + folder, e);
        }
    }

    private static List<Path> list(Path dir) throws IOException {
        try (Stream<Path> files = Files.list(dir)) {
            return files.sorted().toList();
        }
    }

    private Path path(String digest) {
        if (!Digest.isHex(digest)) {
            throw new StoreException("\"" + digest + "\" is not a SHA-256 digest");
        }
        return shelf(digest).resolve(digest);
    }

    private Path shelf(String digest) {
        return folder.resolve(digest.substring(0, 2));
    }

    private static void discard(Path partial) {
        try {
            Files.deleteIfExists(partial);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void force(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}

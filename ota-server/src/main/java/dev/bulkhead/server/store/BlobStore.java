package dev.bulkhead.server.store;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Pattern;

/**
 * Files under the name of their SHA-256. A file is there whole or not at all; it never changes. Thread-safe; several
 * servers may share one folder.
 */
public final class BlobStore {
    private static final Pattern NAME = Pattern.compile("[0-9a-f]{64}");
    private static final int CHUNK = 64 << 10;

    private final Path folder;

    private BlobStore(Path folder) {
        this.folder = folder;
    }

    /** Opens the folder, making it when it is missing, and sweeps out what an interrupted upload left. */
    public static BlobStore open(Path folder) {
        try {
            Path incoming = Files.createDirectories(folder.resolve("incoming"));
            try (var leftovers = Files.newDirectoryStream(incoming)) {
                for (Path leftover : leftovers) {
                    Files.deleteIfExists(leftover);
                }
            }
            return new BlobStore(folder);
        } catch (IOException e) {
            throw new StoreException("cannot use the blob folder " + folder, e);
        }
    }

    /** A file on its way in: look at it, then {@link #keep} or {@link #close} (which drops it). */
    public final class Incoming implements AutoCloseable {
        private final Path file;
        private final String sha256;
        private final long length;

        private Incoming(Path file, String sha256, long length) {
            this.file = file;
            this.sha256 = sha256;
            this.length = length;
        }

        /** Where it lies for now. */
        public Path file() {
            return file;
        }

        /** Its hash, lower-case hex. */
        public String sha256() {
            return sha256;
        }

        /** Bytes. */
        public long length() {
            return length;
        }

        /** Moves it to its lasting place, atomically. Idempotent. */
        public void keep() {
            Path target = path(sha256);
            try {
                Files.createDirectories(folder.resolve(sha256.substring(0, 2)));
                if (!Files.exists(target)) {
                    Files.move(file, target, StandardCopyOption.ATOMIC_MOVE);
                    syncFolder(target);
                }
            } catch (IOException e) {
                throw new StoreException("cannot store the blob " + sha256, e);
            }
        }

        @Override
        public void close() {
            try {
                Files.deleteIfExists(file);
            } catch (IOException e) {
                throw new StoreException("cannot remove " + file, e);
            }
        }
    }

    /**
     * Reads a stream to its end into a durable temporary file.
     *
     * @param limit most bytes taken
     * @throws BlobTooLargeException when the stream is longer
     * @throws IOException when the stream fails
     */
    public Incoming receive(InputStream in, long limit) throws IOException {
        Path file = Files.createTempFile(folder.resolve("incoming"), "upload", ".part");
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            long length;
            try (OutputStream out = new DigestOutputStream(Files.newOutputStream(file), digest)) {
                length = copy(in, out, limit);
            }
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                channel.force(true);
            }
            return new Incoming(file, HexFormat.of().formatHex(digest.digest()), length);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java runtime has SHA-256", e);
        } catch (IOException | RuntimeException e) {
            Files.deleteIfExists(file);
            throw e;
        }
    }

    private static long copy(InputStream in, OutputStream out, long limit) throws IOException {
        byte[] chunk = new byte[CHUNK];
        long length = 0;
        for (int read = in.read(chunk); read >= 0; read = in.read(chunk)) {
            length += read;
            if (length > limit) {
                throw new BlobTooLargeException(limit);
            }
            out.write(chunk, 0, read);
        }
        return length;
    }

    /** Whether the blob is there. */
    public boolean has(String sha256) {
        return NAME.matcher(sha256).matches() && Files.exists(path(sha256));
    }

    /** Where a blob lies; it may not exist. */
    public Path path(String sha256) {
        if (!NAME.matcher(sha256).matches()) {
            throw new IllegalArgumentException("a blob's name is 64 lower-case hex digits");
        }
        return folder.resolve(sha256.substring(0, 2)).resolve(sha256);
    }

    /** Reads bytes {@code [offset, offset + length)} of a blob. */
    public byte[] read(String sha256, long offset, int length) {
        ByteBuffer buffer = ByteBuffer.allocate(length);
        try (FileChannel channel = FileChannel.open(path(sha256), StandardOpenOption.READ)) {
            while (buffer.hasRemaining()) {
                if (channel.read(buffer, offset + buffer.position()) < 0) {
                    throw new IOException("it ends before byte " + (offset + length));
                }
            }
            return buffer.array();
        } catch (IOException e) {
            throw new StoreException("cannot read the blob " + sha256, e);
        }
    }

    private static void syncFolder(Path file) throws IOException {
        Path parent = file.getParent();
        if (parent != null) {
            try (FileChannel channel = FileChannel.open(parent, StandardOpenOption.READ)) {
                channel.force(true);
            }
        }
    }
}

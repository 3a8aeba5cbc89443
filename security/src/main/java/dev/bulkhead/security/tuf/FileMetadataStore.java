package dev.bulkhead.security.tuf;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/** One file per role in one folder, replaced atomically: synced beside, then renamed over. */
public final class FileMetadataStore implements MetadataStore {
    private static final int MAX_BYTES = 16 << 20;

    private final Path folder;

    /** @param folder is made on the first save when it does not exist */
    public FileMetadataStore(Path folder) {
        this.folder = folder;
    }

    @Override
    public Optional<byte[]> load(String fileName) {
        Path file = resolve(fileName);
        try {
            if (Files.size(file) > MAX_BYTES) {
                return Optional.empty();
            }
            return Optional.of(Files.readAllBytes(file));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new MetadataUnavailableException(file.toString(), "cannot be read", e);
        }
    }

    @Override
    public void save(String fileName, byte[] content) {
        Path file = resolve(fileName);
        Path beside = file.resolveSibling(file.getFileName() + ".new");
        try {
            Files.createDirectories(folder);
            write(beside, content);
            Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            syncFolder();
        } catch (IOException e) {
            throw new MetadataUnavailableException(file.toString(), "cannot be written", e);
        }
    }

    @Override
    public void delete(String fileName) {
        try {
            Files.deleteIfExists(resolve(fileName));
        } catch (IOException e) {
            throw new MetadataUnavailableException(fileName, "cannot be deleted", e);
        }
    }

    private static void write(Path file, byte[] content) throws IOException {
        try (FileChannel channel = FileChannel.open(
                file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
            ByteBuffer buffer = ByteBuffer.wrap(content);
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
            channel.force(true);
        }
    }

    /** The rename itself must survive a power cut. */
    private void syncFolder() throws IOException {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    private Path resolve(String fileName) {
        if (!fileName.endsWith(".json") || fileName.indexOf('/') >= 0 || fileName.indexOf('\0') >= 0) {
            throw new MetadataUnavailableException(fileName, "not a name this store keeps", null);
        }
        return folder.resolve(fileName);
    }
}

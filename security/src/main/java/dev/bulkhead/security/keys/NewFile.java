package dev.bulkhead.security.keys;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** Files that come into being whole and are never written over. */
final class NewFile {
    private NewFile() {}

    static void writeSecret(Path file, byte[] content) {
        write(file, content, "rw-------");
    }

    static void writePublic(Path file, byte[] content) {
        write(file, content, "rw-r--r--");
    }

    private static void write(Path file, byte[] content, String permissions) {
        Path partial = file.resolveSibling(file.getFileName() + ".partial");
        try {
            Files.deleteIfExists(partial);
            var mode = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions));
            try (FileChannel channel =
                    FileChannel.open(partial, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), mode)) {
                ByteBuffer buffer = ByteBuffer.wrap(content);
                while (buffer.hasRemaining()) {
                    channel.write(buffer);
                }
                channel.force(true);
            }
            // a hard link fails when the name is taken; a rename would silently replace
            Files.createLink(file, partial);
            Files.delete(partial);
        } catch (FileAlreadyExistsException e) {
            discard(partial);
            throw new KeyException(file + ": exists already and is never written over; move it away first", e);
        } catch (IOException e) {
            discard(partial);
            throw new KeyException(file + ": cannot be written", e);
        }
    }

    private static void discard(Path partial) {
        try {
            Files.deleteIfExists(partial);
        } catch (IOException e) {
            // the caller's failure matters more than a left-over
        }
    }
}

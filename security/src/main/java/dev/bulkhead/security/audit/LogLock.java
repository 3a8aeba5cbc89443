package dev.bulkhead.security.audit;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/** Keeps a second writer away from a log; the operating system lets go when the process dies. */
final class LogLock implements AutoCloseable {
    private final FileChannel channel;

    private LogLock(FileChannel channel) {
        this.channel = channel;
    }

    static LogLock acquire(Path log) {
        Path file = log.resolveSibling(log.getFileName() + ".lock");
        FileChannel channel = openChannel(file);
        FileLock lock = tryLock(channel, file);
        if (lock == null) {
            new LogLock(channel).close();
            throw new AuditException("another process writes the audit log " + log + "; stop it first");
        }
        return new LogLock(channel);
    }

    private static FileChannel openChannel(Path file) {
        try {
            Path folder = file.toAbsolutePath().getParent();
            if (folder != null) {
                Files.createDirectories(folder);
            }
            return FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        } catch (IOException e) {
            throw new AuditException("cannot create " + file + ": " + e.getMessage(), e);
        }
    }

    private static @Nullable FileLock tryLock(FileChannel channel, Path file) {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            return null;
        } catch (IOException e) {
            throw new AuditException("cannot lock " + file + ": " + e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new AuditException("cannot let go of the audit log's lock: " + e.getMessage(), e);
        }
    }
}

package dev.bulkhead.security.audit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Tells how much disk space is left for the log. */
@FunctionalInterface
public interface SpaceProbe {
    /** Usable bytes; 0 when that cannot be found out. */
    long usableBytes();

    /** Asks the file system that holds {@code file}. */
    static SpaceProbe of(Path file) {
        Path folder = file.toAbsolutePath().getParent();
        return () -> {
            try {
                return folder == null ? 0 : Files.getFileStore(folder).getUsableSpace();
            } catch (IOException e) {
                return 0;
            }
        };
    }
}

package dev.bulkhead.security.audit.evidence;

import java.util.Optional;
import java.util.Set;

/** The files of an exported log, by their tlog-tiles paths. Not thread-safe. */
public interface LogFiles extends AutoCloseable {
    /** All paths there are. */
    Set<String> paths();

    /**
     * A whole file.
     *
     * @param cap the most bytes it may have
     * @return empty if there is no such file
     * @throws EvidenceException if it is larger, or cannot be read
     */
    Optional<byte[]> read(String path, int cap);

    @Override
    void close();
}

package dev.bulkhead.security.audit.evidence;

/** Takes the files of an export one after the other: a folder, an archive, a stream to another machine. */
@FunctionalInterface
public interface FileSink {
    /**
     * Takes one file.
     *
     * @throws EvidenceException if it cannot be written
     */
    void accept(String path, byte[] content);
}

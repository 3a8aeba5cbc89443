package dev.bulkhead.security.audit.evidence;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/**
 * Writes an export into one file: a first line, then each file as a line {@code <length> <path>} and its bytes. There is
 * no byte in it that verification does not look at. The caller closes the stream.
 */
public final class LogArchiveWriter implements FileSink {
    static final String FIRST_LINE = "bulkhead-audit-log 1\n";

    private final OutputStream out;

    /** Begins the archive. */
    public LogArchiveWriter(OutputStream out) {
        this.out = out;
        write(FIRST_LINE.getBytes(StandardCharsets.US_ASCII));
    }

    @Override
    public void accept(String path, byte[] content) {
        write((content.length + " " + path + "\n").getBytes(StandardCharsets.US_ASCII));
        write(content);
    }

    private void write(byte[] bytes) {
        try {
            out.write(bytes);
        } catch (IOException e) {
            throw new EvidenceException("cannot write the export: " + e.getMessage(), e);
        }
    }
}

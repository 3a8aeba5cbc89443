package dev.bulkhead.security.tuf;

import dev.bulkhead.security.SecurityFailure;
import org.jspecify.annotations.Nullable;

/** The network or the disk failed: a file could not be had. Trying again later may help; nobody is accused. */
public final class MetadataUnavailableException extends SecurityFailure {
    private static final long serialVersionUID = 1L;

    private final String file;

    /** @param file which file could not be had */
    public MetadataUnavailableException(String file, String detail, @Nullable Throwable cause) {
        super(file + " not available: " + detail, cause);
        this.file = file;
    }

    /** The file that was wanted. */
    public String file() {
        return file;
    }
}

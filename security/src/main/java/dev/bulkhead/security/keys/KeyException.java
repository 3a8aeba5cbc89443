package dev.bulkhead.security.keys;

import dev.bulkhead.security.SecurityFailure;
import org.jspecify.annotations.Nullable;

/** A key, certificate or key file that cannot be read, made or used. The message names the file or the field. */
public final class KeyException extends SecurityFailure {
    private static final long serialVersionUID = 1L;

    /** @param message what is wrong, where, and what to do */
    public KeyException(String message) {
        super(message);
    }

    /** @param cause what lies underneath */
    public KeyException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}

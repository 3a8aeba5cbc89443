package dev.bulkhead.agent.ota;

import org.jspecify.annotations.Nullable;

/** The client's memory on disk cannot be used: disk full, read-only, damaged. Nothing half-written is believed later. */
public final class LedgerException extends OtaException {
    LedgerException(String message) {
        super(message);
    }

    LedgerException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}

package dev.bulkhead.agent.ota;

import org.jspecify.annotations.Nullable;

/** Root of what can go wrong in the over-the-air client on this side of the line: disk, configuration, wiring. */
public class OtaException extends RuntimeException {
    public OtaException(String message) {
        super(message);
    }

    public OtaException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}

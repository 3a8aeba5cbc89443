package dev.bulkhead.security.json;

import dev.bulkhead.security.SecurityFailure;

/** Bytes that are not the JSON they had to be. */
public final class JsonException extends SecurityFailure {
    private static final long serialVersionUID = 1L;

    /** @param message what is wrong and where (byte offset or field path) */
    public JsonException(String message) {
        super(message);
    }
}

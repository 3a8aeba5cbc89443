package dev.bulkhead.security.signing;

import dev.bulkhead.security.SecurityFailure;

/** Bytes that are no DSSE envelope or no statement of ours. */
public final class EnvelopeException extends SecurityFailure {
    private static final long serialVersionUID = 1L;

    /** @param message what is wrong and where */
    public EnvelopeException(String message) {
        super(message);
    }
}

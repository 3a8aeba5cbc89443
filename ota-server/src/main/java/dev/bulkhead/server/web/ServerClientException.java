package dev.bulkhead.server.web;

import org.jspecify.annotations.Nullable;

/** The fleet server did not do what it was asked; the message says why. */
public final class ServerClientException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int status;
    private final String word;
    private final String hint;

    ServerClientException(int status, String word, String detail, String hint, @Nullable Throwable cause) {
        super(detail, cause);
        this.status = status;
        this.word = word;
        this.hint = hint;
    }

    /** HTTP status, or 0 when there was no answer. */
    public int status() {
        return status;
    }

    /** A stable word: {@code signature}, {@code downgrade}, {@code unknown-vehicle}, {@code unreachable}, … */
    public String word() {
        return word;
    }

    /** What to do about it; may be empty. */
    public String hint() {
        return hint;
    }
}

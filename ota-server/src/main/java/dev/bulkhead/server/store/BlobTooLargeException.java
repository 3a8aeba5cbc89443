package dev.bulkhead.server.store;

import java.io.IOException;

/** A stream was longer than allowed; nothing of it was kept. */
public final class BlobTooLargeException extends IOException {
    private static final long serialVersionUID = 1L;

    private final long limit;

    BlobTooLargeException(long limit) {
        super("longer than the limit of " + limit + " bytes");
        this.limit = limit;
    }

    /** Most bytes allowed. */
    public long limit() {
        return limit;
    }
}

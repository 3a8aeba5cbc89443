package dev.bulkhead.server.store;

/** The database or the blob folder failed: nothing of the current transaction was kept. */
public final class StoreException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    StoreException(String message, Throwable cause) {
        super(message, cause);
    }
}

package dev.bulkhead.agent.store;

import dev.bulkhead.agent.host.KeyValueStore;

/** The agent's store cannot be read or written: says which file, what failed, and what to do. */
public final class StoreException extends KeyValueStore.Unavailable {
    private static final long serialVersionUID = 1L;

    public StoreException(String message) {
        super(message, null);
    }

    public StoreException(String message, Throwable cause) {
        super(message, cause);
    }
}

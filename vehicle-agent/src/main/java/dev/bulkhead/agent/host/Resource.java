package dev.bulkhead.agent.host;

/** What a handle stands for. Strand only. */
sealed interface Resource permits SignalResource, CanResource {
    /** The signal's path or the bus's name. */
    String subject();

    /** How often it was used through this handle. */
    long uses();

    /** Bytes it may come to hold, without its places in queues; always the same. */
    long heldBytes();

    /** Gives back whatever the handle holds. Idempotent. */
    void close();
}

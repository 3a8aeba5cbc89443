package dev.bulkhead.security.audit;

/** A stored log that contradicts itself, and where. It is not continued: what it says is no longer evidence. */
public final class DamagedLogException extends AuditException {
    private static final long serialVersionUID = 1;

    private final long index;

    /**
     * Says what and where.
     *
     * @param index the first entry concerned, or −1 when it is the log as a whole
     */
    public DamagedLogException(long index, String message) {
        super(message);
        this.index = index;
    }

    /** Wraps what the database said. */
    public DamagedLogException(String message, Throwable cause) {
        super(message, cause);
        this.index = -1;
    }

    /** The first entry concerned, or −1. */
    public long index() {
        return index;
    }
}

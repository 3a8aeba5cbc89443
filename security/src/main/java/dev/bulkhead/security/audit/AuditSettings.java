package dev.bulkhead.security.audit;

/**
 * How a log is kept.
 *
 * @param origin the log's name in its checkpoints, {@code bulkhead/vehicle/<id>} by custom
 * @param bufferEntries most entries waiting for a commit, 1..1,000,000; a full buffer commits by itself
 * @param reserveBytes free disk space below which actuation has to stop, so that audit can go on
 * @param check how much of an existing log is verified before it is continued
 */
public record AuditSettings(String origin, int bufferEntries, long reserveBytes, OpenCheck check) {
    private static final int MAX_BUFFER = 1_000_000;
    private static final int USUAL_BUFFER = 8192;
    private static final long USUAL_RESERVE = 64L << 20;

    /** How much of an existing log is verified when it is opened. */
    public enum OpenCheck {
        /** Every entry, tile and checkpoint: about 1.5 s for a million entries. */
        EVERYTHING,
        /**
         * Everything in a log of up to 262,144 entries (about 0.4 s); of a larger one the newest 262,144, the tree and the
         * newest checkpoint. What lies further back is found by verification, not at each start.
         */
        NEWEST
    }

    /** Checks the bounds. */
    public AuditSettings {
        if (bufferEntries < 1 || bufferEntries > MAX_BUFFER || reserveBytes < 0) {
            throw new IllegalArgumentException("buffer " + bufferEntries + ", reserve " + reserveBytes);
        }
    }

    /** 8192 entries, 64 MiB, the newest checked. */
    public static AuditSettings of(String origin) {
        return new AuditSettings(origin, USUAL_BUFFER, USUAL_RESERVE, OpenCheck.NEWEST);
    }

    /** The same with another depth of checking. */
    public AuditSettings withCheck(OpenCheck other) {
        return new AuditSettings(origin, bufferEntries, reserveBytes, other);
    }
}

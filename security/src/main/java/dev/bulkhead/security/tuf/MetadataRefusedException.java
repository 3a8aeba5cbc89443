package dev.bulkhead.security.tuf;

import dev.bulkhead.security.SecurityFailure;

/** The peer lied, or was made to: a file came and is not to be believed. Trying again does not help by itself. */
public final class MetadataRefusedException extends SecurityFailure {
    private static final long serialVersionUID = 1L;

    private final String file;
    private final Refusal refusal;
    private final String detail;

    /**
     * @param file which file, as a client fetches it
     * @param refusal why, for programs
     * @param detail why, for people
     */
    public MetadataRefusedException(String file, Refusal refusal, String detail) {
        super(file + " refused (" + refusal.word() + "): " + detail);
        this.file = file;
        this.refusal = refusal;
        this.detail = detail;
    }

    /** The file it was found in. */
    public String file() {
        return file;
    }

    /** Why. */
    public Refusal refusal() {
        return refusal;
    }

    /** What was found and what was wanted. */
    public String detail() {
        return detail;
    }
}

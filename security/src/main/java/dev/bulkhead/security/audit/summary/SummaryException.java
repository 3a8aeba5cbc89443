package dev.bulkhead.security.audit.summary;

import dev.bulkhead.security.audit.AuditException;

/** A summary that is malformed, not signed, or contradicted by the log it speaks of. */
public final class SummaryException extends AuditException {
    private static final long serialVersionUID = 1;

    /** Says what is wrong and where. */
    public SummaryException(String message) {
        super(message);
    }
}

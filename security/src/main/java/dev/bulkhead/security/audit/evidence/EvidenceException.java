package dev.bulkhead.security.audit.evidence;

import dev.bulkhead.security.audit.AuditException;

/** An export that cannot be read or written at all; what can be read but is wrong is a {@link Finding}. */
public final class EvidenceException extends AuditException {
    private static final long serialVersionUID = 1;

    /** Says what and where. */
    public EvidenceException(String message) {
        super(message);
    }

    /** Says what and where, and what lies beneath. */
    public EvidenceException(String message, Throwable cause) {
        super(message, cause);
    }
}

package dev.bulkhead.security.audit;

/** The root of everything that the audit rooms throw. The message says what, where, and what to do. */
public class AuditException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** Says what is wrong. */
    public AuditException(String message) {
        super(message);
    }

    /** Says what is wrong, and what lies beneath. */
    public AuditException(String message, Throwable cause) {
        super(message, cause);
    }
}

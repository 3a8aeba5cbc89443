package dev.bulkhead.security.audit.note;

import dev.bulkhead.security.audit.AuditException;

/** A note or checkpoint that is malformed, or not signed by the key it should be signed by. */
public final class NoteException extends AuditException {
    private static final long serialVersionUID = 1;

    /** Says what is wrong. */
    public NoteException(String message) {
        super(message);
    }
}

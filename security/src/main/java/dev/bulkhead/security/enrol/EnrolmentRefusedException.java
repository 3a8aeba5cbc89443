package dev.bulkhead.security.enrol;

import dev.bulkhead.security.SecurityFailure;
import org.jspecify.annotations.Nullable;

/** The service gave no certificate, or one of the two ends does not believe the other. */
public final class EnrolmentRefusedException extends SecurityFailure {
    private static final long serialVersionUID = 1L;

    private final int status;

    EnrolmentRefusedException(int status, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.status = status;
    }

    /** For fakes of the service: refused with this HTTP status and for this reason. */
    public EnrolmentRefusedException(int status, String message) {
        this(status, message, null);
    }

    /** HTTP status of the answer; 0 when it did not come to one. */
    public int status() {
        return status;
    }
}

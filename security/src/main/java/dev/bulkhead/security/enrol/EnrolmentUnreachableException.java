package dev.bulkhead.security.enrol;

import dev.bulkhead.security.SecurityFailure;
import org.jspecify.annotations.Nullable;

/** There was no answer from the enrolment service. */
public final class EnrolmentUnreachableException extends SecurityFailure {
    private static final long serialVersionUID = 1L;

    /** @param cause what lies underneath, null when nothing does */
    public EnrolmentUnreachableException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}

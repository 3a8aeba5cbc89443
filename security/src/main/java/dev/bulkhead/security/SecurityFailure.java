package dev.bulkhead.security;

import org.jspecify.annotations.Nullable;

/** Root of every exception the security module throws on purpose; subclasses carry fields. */
public abstract class SecurityFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** @param message what was refused, where, the limit, and what to do */
    protected SecurityFailure(String message) {
        super(message);
    }

    /** @param cause what lies underneath, null when nothing does */
    protected SecurityFailure(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}

package dev.bulkhead.agent.sandbox;

/**
 * A module was refused before anything of it ran. The message names what, where (byte offset of the module or the function), the limit
 * and the value; {@link #reason()} is for programs.
 */
public final class AdmissionException extends RuntimeException {
    /** Why a module is refused; the order is the order of the checks. */
    public enum Reason {
        TOO_LARGE,
        MALFORMED,
        INVALID,
        UNSUPPORTED,
        OVER_LIMIT,
        MEMORY_OVER_BUDGET,
        UNKNOWN_IMPORT,
        UNCOVERED_IMPORT,
        NOT_COMPILABLE
    }

    private final Reason reason;
    private final String message;

    public AdmissionException(Reason reason, String message) {
        super(message);
        this.reason = reason;
        this.message = message;
    }

    @Override
    public String getMessage() {
        return message;
    }

    public Reason reason() {
        return reason;
    }
}

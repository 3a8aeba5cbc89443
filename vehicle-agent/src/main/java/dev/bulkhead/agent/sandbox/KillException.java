package dev.bulkhead.agent.sandbox;

/** Ends the running callback. Stackless, and no handler in guest code can see it. Thrown by a {@link CpuMeter} or a {@link HostCall}. */
public final class KillException extends RuntimeException {
    private final KillCause cause;
    private final int exitCode;

    public KillException(KillCause cause) {
        this(cause, 0);
    }

    private KillException(KillCause cause, int exitCode) {
        super(cause.name(), null, false, false);
        this.cause = cause;
        this.exitCode = exitCode;
    }

    /** The guest asked to end with this code. */
    public static KillException exited(int code) {
        return new KillException(KillCause.EXITED, code);
    }

    public KillCause killCause() {
        return cause;
    }

    public int exitCode() {
        return exitCode;
    }
}

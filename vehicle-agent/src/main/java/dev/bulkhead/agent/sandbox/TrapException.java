package dev.bulkhead.agent.sandbox;

/** A trap on its way out of guest code. Engine-internal: callers see {@link Outcome.Trapped}. */
public final class TrapException extends RuntimeException {
    private final TrapKind kind;

    public TrapException(TrapKind kind) {
        super(kind.text());
        this.kind = kind;
    }

    public TrapException(TrapKind kind, String message, Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    public TrapKind kind() {
        return kind;
    }
}

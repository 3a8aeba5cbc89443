package dev.bulkhead.agent.lifecycle;

/** Something in the agent's store cannot be read; the agent goes on without it. */
final class UnreadableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    UnreadableException(Damage damage) {
        super(damage.toString(), null, false, false);
    }
}

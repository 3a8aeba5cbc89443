package dev.bulkhead.agent.lifecycle;

/** A step was not taken because it could not be written down: the disk is full, read-only or broken. */
public final class NotDurableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private NotDurableException(String appId, RuntimeException cause) {
        super(
                "what was asked of " + appId + " cannot be written down, so it was not done: " + cause.getMessage()
                        + "; free space on the data disk, running apps go on meanwhile",
                cause);
    }

    /** Runs a write and names its failure. */
    static void guard(String appId, Runnable write) {
        try {
            write.run();
        } catch (RuntimeException e) {
            throw new NotDurableException(appId, e);
        }
    }
}

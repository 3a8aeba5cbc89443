package dev.bulkhead.agent.sandbox;

/** Why the host ended a callback. The guest cannot catch any of these. */
public enum KillCause {
    /** Quota of the period used up and {@code on-exceed = "kill"}. */
    CPU_QUOTA,
    /** One callback used more CPU than it may. */
    CALLBACK_LIMIT,
    /** The supervisor stops the instance, or its thread was interrupted. */
    STOPPED,
    /** The guest called {@code app.exit} or WASI {@code proc_exit}; the code is in the outcome. */
    EXITED
}

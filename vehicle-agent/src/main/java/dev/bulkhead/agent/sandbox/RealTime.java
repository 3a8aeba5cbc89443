package dev.bulkhead.agent.sandbox;

/** What puts a thread before all others of the machine. Thread-safe. */
@FunctionalInterface
public interface RealTime {
    /** A system that has no such thing. */
    RealTime NONE = () -> () -> {};

    /**
     * Puts the calling thread before all others; where that is not allowed, nothing changes.
     *
     * @return puts the same thread back among the others; from any thread, as long as the one it is about lives
     */
    Runnable enter();
}

package dev.bulkhead.agent.sandbox;

/** What puts a thread before all others of the machine, for a while. Thread-safe. */
@FunctionalInterface
public interface RealTime {
    /** A system that has no such thing. */
    RealTime NONE = late -> () -> {};

    /**
     * Puts the calling thread before all others; where that is not allowed, nothing changes.
     *
     * @param late called on another thread once this one has been there for too long; is to put it back
     * @return puts this thread back among the others; from any thread, as long as this one lives
     */
    Runnable enter(Runnable late);
}

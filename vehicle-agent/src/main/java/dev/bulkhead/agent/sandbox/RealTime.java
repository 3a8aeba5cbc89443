package dev.bulkhead.agent.sandbox;

/** What puts a thread before all others of the machine. Thread-safe. */
@FunctionalInterface
public interface RealTime {
    /** A system that has no such thing. */
    RealTime NONE = before -> {};

    /** Puts the calling thread before all others, or back among them; where that is not allowed, nothing changes. */
    void callingThread(boolean before);
}

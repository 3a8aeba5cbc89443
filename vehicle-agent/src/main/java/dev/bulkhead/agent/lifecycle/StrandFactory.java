package dev.bulkhead.agent.lifecycle;

import dev.bulkhead.agent.sandbox.Strand;

/** Opens the threads of the agent: one for the supervisor and one for each running instance. Thread-safe. */
@FunctionalInterface
public interface StrandFactory {
    /**
     * Opens a strand.
     *
     * @param name for thread dumps: an app id and its incarnation
     * @param depth most turns waiting, at least 1
     * @param rank who runs on it
     */
    Strand open(String name, int depth, Strand.Rank rank);
}

package dev.bulkhead.agent.sandbox;

/**
 * The thread a running instance lives on. The real one is a platform thread with a bounded mailbox; the simulator's passes a baton, so
 * that exactly one runs at a time and virtual time stands still meanwhile.
 */
public interface Strand extends AutoCloseable {
    /**
     * Who runs on a strand. Where the system allows, the agent's own threads come before those of apps, and before both what is urgent:
     * for some milliseconds, when events wait for it.
     */
    enum Rank {
        URGENT,
        AGENT,
        APP
    }

    /** Runs {@code turn} on the strand after the turns before it. Returns false, and runs nothing, if the mailbox is full or the strand is closed. */
    boolean execute(Runnable turn);

    /**
     * Waits until the vehicle's clock shows {@code nanos}; called on the strand only, in the middle of a turn.
     *
     * @throws KillException with {@link KillCause#STOPPED} if the wait was interrupted
     */
    void parkUntil(long nanos);

    /** Ranks the strand anew, where the system allows. Called on the strand only. */
    default void rank(Rank rank) {}

    /** Interrupts a turn that runs or waits. From any thread. */
    void interrupt();

    /** No further turns; the running one is interrupted. Does not wait. */
    @Override
    void close();
}

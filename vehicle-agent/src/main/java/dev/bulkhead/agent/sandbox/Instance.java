package dev.bulkhead.agent.sandbox;

/**
 * A running guest. Every method but {@link #usage} and {@link #kill} belongs to the instance's strand; calls run to completion and are
 * not re-entrant. No guest behaviour makes a method throw: it becomes an {@link Outcome}. A worker process can implement this too.
 */
public interface Instance {
    /** Runs the app's start: {@code _initialize} if there is one, {@code alloc} for the event buffer, {@code on_start}; its status is the result. */
    Outcome start();

    /** Most records one {@link #deliver} takes. */
    int eventCapacity();

    /**
     * Copies {@code count} event records (abi.md, 32 bytes each) into the event buffer and calls {@code on_event}.
     *
     * @throws IllegalArgumentException if {@code count} is above {@link #eventCapacity} or the array is shorter than the records
     */
    Outcome deliver(byte[] records, int count);

    /** Calls {@code on_stop} if there is one. */
    Outcome stop();

    /** Whether the module exports a function of this name. */
    boolean exports(String function);

    /**
     * Calls {@code save_state} with room for at most {@code most} bytes, which {@code alloc} gave; less where the app has no more, and 4,096 at least.
     */
    Saved save(int most);

    /** Calls {@code restore_state} with the state in room that {@code alloc} gave. */
    Outcome restore(byte[] state);

    /** Calls any exported function; arguments as raw bits, see {@link HostCall}. */
    Outcome call(String function, long... args);

    GuestMemory memory();

    Usage usage();

    /** Ends the running callback, if any, and every later one, with {@link KillCause#STOPPED}. From any thread; honoured within one slice of fuel. */
    void kill();
}

package dev.bulkhead.agent.sandbox;

import java.util.function.Consumer;

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
     * Calls {@code save_state} with at most {@code capacity} bytes of guest memory and gives the state to {@code sink} if it succeeded and
     * what it says of its length is true; a call that returned without that leaves the sink untouched.
     */
    Outcome save(int capacity, Consumer<byte[]> sink);

    /** Calls {@code restore_state}. */
    Outcome restore(byte[] state);

    /** Calls any exported function; arguments as raw bits, see {@link HostCall}. */
    Outcome call(String function, long... args);

    GuestMemory memory();

    Usage usage();

    /** Ends the running callback, if any, and every later one, with {@link KillCause#STOPPED}. From any thread; honoured within one slice of fuel. */
    void kill();
}

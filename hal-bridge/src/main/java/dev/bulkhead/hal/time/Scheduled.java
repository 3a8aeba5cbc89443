package dev.bulkhead.hal.time;

/** A task that waits in a {@link Scheduler}. */
public interface Scheduled {
    /** Takes the task out of the queue. Returns false when it has run, runs now or was cancelled before. */
    boolean cancel();
}

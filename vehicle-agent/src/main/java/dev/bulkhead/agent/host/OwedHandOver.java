package dev.bulkhead.agent.host;

import org.jspecify.annotations.Nullable;

/**
 * The hand-over of an app's key-value data to the release that took over. It is owed from the cut on, so that no event waits for the disk, and written
 * down before the release's first own write, or by the supervisor right after the cut, whoever comes first. Thread-safe.
 */
final class OwedHandOver {
    private @Nullable Runnable owed;

    synchronized void owe(Runnable handOver) {
        owed = handOver;
    }

    /** Writes it down if that has not happened; it stays owed when that fails. */
    synchronized void pay() {
        Runnable due = owed;
        if (due != null) {
            due.run();
            owed = null;
        }
    }

    /** The release is proven and there is nothing to return to any more, or it is over and writes no more. */
    synchronized void forgive() {
        owed = null;
    }
}

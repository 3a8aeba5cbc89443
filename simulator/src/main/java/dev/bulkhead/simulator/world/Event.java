package dev.bulkhead.simulator.world;

import dev.bulkhead.hal.time.Scheduled;
import java.util.Comparator;

/** A task in the queue. The order is total: time, then priority, then the order of arrival. */
final class Event implements Comparable<Event>, Scheduled {
    private static final Comparator<Event> ORDER = Comparator.<Event>comparingLong(e -> e.nanos)
            .thenComparingInt(e -> e.priority)
            .thenComparingLong(e -> e.sequence);

    private final EventQueue queue;
    private final long nanos;
    private final int priority;
    private final long sequence;
    private final Runnable task;

    Event(EventQueue queue, long nanos, int priority, long sequence, Runnable task) {
        this.queue = queue;
        this.nanos = nanos;
        this.priority = priority;
        this.sequence = sequence;
        this.task = task;
    }

    long nanos() {
        return nanos;
    }

    void run() {
        task.run();
    }

    @Override
    public boolean cancel() {
        return queue.remove(this);
    }

    @Override
    public int compareTo(Event other) {
        return ORDER.compare(this, other);
    }
}

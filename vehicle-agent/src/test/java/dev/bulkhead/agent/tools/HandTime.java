package dev.bulkhead.agent.tools;

import dev.bulkhead.hal.time.Scheduled;
import dev.bulkhead.hal.time.Scheduler;
import dev.bulkhead.hal.time.VehicleClock;
import java.util.Comparator;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/** A clock that moves when told, and the scheduler on it. Thread-safe, moved by one thread. */
final class HandTime implements VehicleClock, Scheduler {
    private record Task(long at, long sequence, Runnable work) {}

    private final PriorityQueue<Task> tasks =
            new PriorityQueue<>(Comparator.comparingLong(Task::at).thenComparingLong(Task::sequence));
    private long now = 1_000_000_000;
    private long sequence;

    @Override
    public synchronized long nanos() {
        return now;
    }

    @Override
    public long unixMillis() {
        return 1_767_225_600_000L + nanos() / 1_000_000;
    }

    @Override
    public synchronized Scheduled at(long nanos, Runnable work) {
        Task task = new Task(nanos, sequence++, work);
        tasks.add(task);
        return () -> {
            synchronized (this) {
                return tasks.remove(task);
            }
        };
    }

    /** Moves on, running what falls due on the way. */
    void advanceMillis(long millis) {
        long target = nanos() + millis * 1_000_000;
        for (Task next = due(target); next != null; next = due(target)) {
            next.work().run();
        }
        moveTo(target);
    }

    private synchronized @Nullable Task due(long target) {
        Task next = tasks.peek();
        if (next == null || next.at() > target) {
            return null;
        }
        moveTo(next.at());
        return tasks.poll();
    }

    private synchronized void moveTo(long nanos) {
        now = Math.max(now, nanos);
    }
}

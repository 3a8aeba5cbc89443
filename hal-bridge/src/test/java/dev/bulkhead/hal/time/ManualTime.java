package dev.bulkhead.hal.time;

import java.util.Comparator;
import java.util.PriorityQueue;

/** A clock that moves when told, and the scheduler on it. Single-threaded. */
public final class ManualTime implements VehicleClock, Scheduler {
    private record Task(long at, long sequence, Runnable work) {}

    private final PriorityQueue<Task> tasks =
            new PriorityQueue<>(Comparator.comparingLong(Task::at).thenComparingLong(Task::sequence));
    private long now = 1_000_000_000;
    private long sequence;

    @Override
    public long nanos() {
        return now;
    }

    @Override
    public long unixMillis() {
        return 1_767_225_600_000L + now / 1_000_000;
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

    public int waiting() {
        return tasks.size();
    }

    /** Moves on, running what falls due on the way. */
    public void advanceMillis(long millis) {
        advance(millis * 1_000_000);
    }

    public void advance(long nanos) {
        long target = now + nanos;
        for (Task next = tasks.peek(); next != null && next.at() <= target; next = tasks.peek()) {
            tasks.poll();
            now = Math.max(now, next.at());
            next.work().run();
        }
        now = target;
    }
}

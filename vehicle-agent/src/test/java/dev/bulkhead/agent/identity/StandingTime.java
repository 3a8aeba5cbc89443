package dev.bulkhead.agent.identity;

import dev.bulkhead.hal.time.Scheduled;
import dev.bulkhead.hal.time.Scheduler;
import dev.bulkhead.hal.time.VehicleClock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.PriorityQueue;

/** A clock that stands until told to run, and whose civil side can be set. One thread. */
final class StandingTime implements VehicleClock, Scheduler, InstantSource {
    private record Task(long nanos, long sequence, Runnable run) {}

    private final PriorityQueue<Task> tasks =
            new PriorityQueue<>(java.util.Comparator.comparingLong(Task::nanos).thenComparingLong(Task::sequence));
    private long now = 1;
    private long sequence;
    private long originMillis = Instant.parse("2026-06-01T00:00:00Z").toEpochMilli();

    @Override
    public long nanos() {
        return now;
    }

    @Override
    public long unixMillis() {
        return originMillis + now / 1_000_000;
    }

    @Override
    public Instant instant() {
        return Instant.ofEpochMilli(unixMillis());
    }

    @Override
    public Scheduled at(long nanos, Runnable task) {
        Task waiting = new Task(Math.max(now, nanos), sequence++, task);
        tasks.add(waiting);
        return () -> tasks.remove(waiting);
    }

    /** The vehicle slept, or its clock was set: civil time jumps, the monotonic side does not. */
    void jump(Duration by) {
        originMillis += by.toMillis();
    }

    void run(Duration time) {
        long end = now + time.toNanos();
        while (!tasks.isEmpty() && tasks.peek().nanos() <= end) {
            Task task = tasks.poll();
            now = Math.max(now, task.nanos());
            task.run().run();
        }
        now = end;
    }
}

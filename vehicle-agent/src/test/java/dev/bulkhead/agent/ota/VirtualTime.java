package dev.bulkhead.agent.ota;

import dev.bulkhead.hal.time.Scheduled;
import dev.bulkhead.hal.time.Scheduler;
import dev.bulkhead.hal.time.VehicleClock;
import java.time.Duration;
import java.util.PriorityQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;

/** A clock that stands still until told to run; the strand is the same queue. One thread. */
final class VirtualTime implements VehicleClock, Scheduler, Executor {
    private static final long EPOCH_MILLIS = 1_790_000_000_000L;

    private record Task(long nanos, long sequence, Runnable run, AtomicBoolean spent) implements Comparable<Task> {
        @Override
        public int compareTo(Task other) {
            int byTime = Long.compare(nanos, other.nanos);
            return byTime != 0 ? byTime : Long.compare(sequence, other.sequence);
        }
    }

    private final PriorityQueue<Task> tasks = new PriorityQueue<>();
    private long now = 1;
    private long sequence;

    @Override
    public long nanos() {
        return now;
    }

    @Override
    public long unixMillis() {
        return EPOCH_MILLIS + now / 1_000_000;
    }

    @Override
    public Scheduled at(long nanos, Runnable task) {
        AtomicBoolean spent = new AtomicBoolean();
        tasks.add(new Task(Math.max(now, nanos), sequence++, task, spent));
        return () -> spent.compareAndSet(false, true);
    }

    @Override
    public void execute(Runnable turn) {
        at(now, turn);
    }

    void run(Duration time) {
        long end = now + time.toNanos();
        while (!tasks.isEmpty() && tasks.peek().nanos() <= end) {
            Task task = tasks.poll();
            now = task.nanos();
            if (task.spent().compareAndSet(false, true)) {
                task.run().run();
            }
        }
        now = end;
    }
}

package dev.bulkhead.cli.hal;

import dev.bulkhead.hal.time.Scheduled;
import dev.bulkhead.hal.time.Scheduler;
import dev.bulkhead.hal.time.VehicleClock;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** The machine's own time, for commands that hold a bus themselves. */
final class SystemTime implements VehicleClock, Scheduler, AutoCloseable {
    private final long begin = System.nanoTime();
    private final ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().factory());

    @Override
    public long nanos() {
        return System.nanoTime() - begin;
    }

    @Override
    public long unixMillis() {
        return System.currentTimeMillis();
    }

    @Override
    public Scheduled at(long nanos, Runnable task) {
        Future<?> waiting = executor.schedule(task, Math.max(0, nanos - nanos()), TimeUnit.NANOSECONDS);
        return () -> waiting.cancel(false);
    }

    @Override
    public void close() {
        executor.shutdownNow();
    }
}

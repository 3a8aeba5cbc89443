package dev.bulkhead.agent.main;

import dev.bulkhead.hal.time.Scheduled;
import dev.bulkhead.hal.time.Scheduler;
import dev.bulkhead.hal.time.VehicleClock;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Real timers on one thread. Tasks hand work on and return; one that throws is logged and does not end the others. */
public final class SystemScheduler implements Scheduler, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SystemScheduler.class);
    private static final int MOST_WAITING = 100_000;

    private final VehicleClock clock;
    private final ScheduledThreadPoolExecutor thread;

    public SystemScheduler(VehicleClock clock) {
        this.clock = clock;
        this.thread = new ScheduledThreadPoolExecutor(
                1, Thread.ofPlatform().daemon().name("timers").factory());
        this.thread.setRemoveOnCancelPolicy(true);
        this.thread.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    @Override
    public Scheduled at(long nanos, Runnable task) {
        if (thread.getQueue().size() >= MOST_WAITING) {
            throw new IllegalStateException("more than " + MOST_WAITING + " timers wait");
        }
        if (thread.isShutdown()) {
            return () -> false;
        }
        ScheduledFuture<?> future =
                thread.schedule(() -> guarded(task), Math.max(0, nanos - clock.nanos()), TimeUnit.NANOSECONDS);
        return () -> future.cancel(false);
    }

    private static void guarded(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException e) {
            LOG.error("a timer task failed", e);
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}

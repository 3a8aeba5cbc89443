package dev.bulkhead.agent.main;

import dev.bulkhead.hal.time.VehicleClock;
import java.util.concurrent.locks.LockSupport;

/** A thread ranked as those of apps that sleeps for 10 ms again and again: what rhythm the machine allows, whoever else is busy on it. */
final class Witness implements AutoCloseable {
    private static final long PERIOD_NANOS = 10_000_000;

    private final Ticks ticks;
    private volatile boolean over;

    @SuppressWarnings("ThreadPriorityCheck") // that of apps
    Witness(VehicleClock clock) {
        ticks = new Ticks(clock);
        Thread.ofPlatform()
                .name("witness")
                .daemon(true)
                .priority(Thread.MIN_PRIORITY)
                .start(this::run);
    }

    private void run() {
        while (!over) {
            LockSupport.parkNanos(PERIOD_NANOS);
            ticks.tick();
        }
    }

    Ticks.Rhythm between(long fromNanos, long toNanos) {
        return ticks.between(fromNanos, toNanos);
    }

    @Override
    public void close() {
        over = true;
    }
}

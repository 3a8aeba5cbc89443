package dev.bulkhead.agent.metering;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;

/**
 * Measures. How much fuel lasts a nanosecond depends on the program and on whether it is compiled yet (0.1 to 4), so slices follow what
 * was seen last. For one thread at a time.
 */
final class ThreadCpuClock implements CpuClock {
    private static final long WORTH_MEASURING_NANOS = 200_000;
    private static final double SLOWEST = 0.05;
    private static final double FASTEST = 4;

    private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    private long measured;
    private long lastFuel;
    private long lastNanos;
    private double fuelPerNano = SLOWEST;

    @Override
    public long nanos(long fuel) {
        long nanos = threads.getCurrentThreadCpuTime();
        long thread = Thread.currentThread().threadId();
        if (measured != thread) {
            measured = thread;
            lastFuel = fuel;
            lastNanos = nanos;
        }
        if (nanos - lastNanos >= WORTH_MEASURING_NANOS) {
            double seen = (double) (fuel - lastFuel) / (nanos - lastNanos);
            fuelPerNano = Math.clamp(seen, SLOWEST, FASTEST);
            lastFuel = fuel;
            lastNanos = nanos;
        }
        return nanos;
    }

    @Override
    public long fuelFor(long nanos) {
        return Math.max(1, (long) (nanos * fuelPerNano));
    }
}

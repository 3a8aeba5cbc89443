package dev.bulkhead.agent.metering;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;

/** Measures; compiled guest code charges about one to four units of fuel per nanosecond, so slices are sized for the faster end. */
final class ThreadCpuClock implements CpuClock {
    private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();

    @Override
    public long nanos(long fuel) {
        return threads.getCurrentThreadCpuTime();
    }

    @Override
    public long fuelFor(long nanos) {
        return Math.max(1, nanos);
    }
}

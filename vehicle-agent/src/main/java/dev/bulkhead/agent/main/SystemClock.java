package dev.bulkhead.agent.main;

import dev.bulkhead.hal.time.VehicleClock;

/** The real time. Its monotonic side begins near 0 when it is made. */
public final class SystemClock implements VehicleClock {
    private final long origin = System.nanoTime();

    @Override
    public long nanos() {
        return System.nanoTime() - origin;
    }

    @Override
    public long unixMillis() {
        return System.currentTimeMillis();
    }
}

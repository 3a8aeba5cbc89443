package dev.bulkhead.hal.driver.socketcan;

import dev.bulkhead.hal.time.VehicleClock;

/**
 * Puts the kernel's civil timestamps on the vehicle clock. A frame is read after it came in, never before: the smallest difference seen is
 * the truest. Starts anew when the civil clock jumps. Not thread-safe.
 */
final class KernelTime {
    private static final long JUMP_NANOS = 1_000_000_000;

    private final VehicleClock clock;
    private boolean known;
    private long difference;

    KernelTime(VehicleClock clock) {
        this.clock = clock;
    }

    /** When a frame came in, given the kernel's stamp of it (0: none). */
    long vehicleNanos(long kernelNanos) {
        long now = clock.nanos();
        if (kernelNanos == 0) {
            return now;
        }
        long seen = now - kernelNanos;
        if (!known || seen < difference || seen - difference > JUMP_NANOS) {
            known = true;
            difference = seen;
        }
        return kernelNanos + difference;
    }
}

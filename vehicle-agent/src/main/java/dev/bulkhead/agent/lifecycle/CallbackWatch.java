package dev.bulkhead.agent.lifecycle;

import dev.bulkhead.agent.sandbox.CpuMeter;
import java.util.function.LongSupplier;

/** Knows how long the guest has been in its callback, whatever it does or waits for there; all else is the next meter's. */
final class CallbackWatch implements CpuMeter {
    private static final long IDLE = Long.MAX_VALUE;

    private final CpuMeter meter;
    private final LongSupplier clock;
    private volatile long since = IDLE;

    CallbackWatch(CpuMeter meter, LongSupplier clock) {
        this.meter = meter;
        this.clock = clock;
    }

    @Override
    public long begin() {
        since = clock.getAsLong();
        try {
            return meter.begin();
        } catch (RuntimeException e) {
            since = IDLE;
            throw e;
        }
    }

    @Override
    public long exhausted(long used) {
        return meter.exhausted(used);
    }

    @Override
    public void look(long used) {
        meter.look(used);
    }

    @Override
    public void end(long used) {
        since = IDLE;
        meter.end(used);
    }

    @Override
    public boolean memoryGrows(long bytes) {
        return meter.memoryGrows(bytes);
    }

    @Override
    public void memoryRefused(long held, long wanted) {
        meter.memoryRefused(held, wanted);
    }

    /** Nanoseconds of the vehicle's clock since the callback began; 0 outside of one. Any thread. */
    long busyNanos() {
        long begun = since;
        return begun == IDLE ? 0 : clock.getAsLong() - begun;
    }
}

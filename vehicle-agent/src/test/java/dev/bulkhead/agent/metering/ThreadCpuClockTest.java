package dev.bulkhead.agent.metering;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class ThreadCpuClockTest {
    private static final long BURNT = 5_000_000;

    private final CpuClock clock = CpuClock.ofThread();

    private static void burn(long nanos) {
        CpuClock own = CpuClock.ofThread();
        long until = own.nanos(0) + nanos;
        while (own.nanos(0) < until) {
            Thread.onSpinWait();
        }
    }

    @Test
    void theTimeOfAnotherThreadSaysNothingAboutTheGuest() throws Exception {
        burn(BURNT);
        Thread other = Thread.ofPlatform().start(() -> {
            clock.nanos(0);
            burn(BURNT);
            clock.nanos(BURNT);
        });
        other.join();
        long before = clock.fuelFor(1_000_000);
        clock.nanos(BURNT);
        assertEquals(before, clock.fuelFor(1_000_000));
    }
}

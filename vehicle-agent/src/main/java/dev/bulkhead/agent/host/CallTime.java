package dev.bulkhead.agent.host;

import dev.bulkhead.agent.sandbox.GuestMemory;
import java.util.function.LongSupplier;

/**
 * Time that one guest spends in host calls between two looks at its CPU clock. A look costs a microsecond, so it is taken not after each call but
 * once so much has come together. Strand only.
 */
final class CallTime {
    /** Most nanoseconds in calls, but for the last of them, that pass unmeasured. */
    static final long UNMEASURED = 250_000;

    /** First calls of an instance that are not timed: in a process that has just begun they load classes and are interpreted, which no guest can help. */
    static final int UNTIMED = 256;

    private final LongSupplier nanos;
    private int untimed = UNTIMED;
    private long spent;

    /** @param nanos a monotonic clock */
    CallTime(LongSupplier nanos) {
        this.nanos = nanos;
    }

    long begin() {
        return nanos.getAsLong();
    }

    /** A call that began at {@code began} has ended. */
    void end(GuestMemory memory, long began) {
        if (untimed > 0) {
            untimed--;
            return;
        }
        spent += nanos.getAsLong() - began;
        if (spent >= UNMEASURED) {
            spent = 0;
            memory.measureSoon();
        }
    }
}

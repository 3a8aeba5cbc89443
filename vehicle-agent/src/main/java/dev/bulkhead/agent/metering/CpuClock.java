package dev.bulkhead.agent.metering;

/**
 * CPU time of the strand. The real clock measures the calling thread; in simulation fuel at a fixed rate <em>is</em> time, so an overrun
 * happens at the same instruction on every run.
 */
public interface CpuClock {
    /**
     * CPU time so far.
     *
     * @param fuel fuel the account was charged so far, for clocks that count instead of measure
     * @return nanoseconds since an arbitrary start, never less than the call before on the same thread
     */
    long nanos(long fuel);

    /** Fuel that lasts about {@code nanos}, exactly so for a clock that counts; at least 1. */
    long fuelFor(long nanos);

    /** Fuel at a fixed rate: the clock of the simulator. */
    static CpuClock ofFuel(long fuelPerMicrosecond) {
        return new FuelClock(fuelPerMicrosecond);
    }

    /** The calling thread's CPU clock as measured by the JVM. */
    static CpuClock ofThread() {
        return new ThreadCpuClock();
    }
}

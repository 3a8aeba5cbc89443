package dev.bulkhead.agent.metering;

record FuelClock(long fuelPerMicrosecond) implements CpuClock {
    FuelClock {
        if (fuelPerMicrosecond <= 0) {
            throw new IllegalArgumentException("fuelPerMicrosecond must be positive: " + fuelPerMicrosecond);
        }
    }

    @Override
    public long nanos(long fuel) {
        return fuel / fuelPerMicrosecond * 1_000 + fuel % fuelPerMicrosecond * 1_000 / fuelPerMicrosecond;
    }

    @Override
    public long fuelFor(long nanos) {
        return Math.max(1, Math.ceilDivExact(Math.multiplyExact(Math.min(nanos, 1L << 40), fuelPerMicrosecond), 1_000));
    }
}

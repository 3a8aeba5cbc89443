package dev.bulkhead.agent.sandbox;

/** Hands out so little fuel at a time that code runs out of it at every loop and call sooner or later. */
final class StingyMeter implements CpuMeter {
    private int portions;
    private long used;

    @Override
    public long begin() {
        return 5;
    }

    @Override
    public long exhausted(long spent) {
        used += spent;
        return 1 + (portions++ * 31L) % 97;
    }

    @Override
    public void look(long spent) {
        used += spent;
    }

    @Override
    public void end(long spent) {
        used += spent;
    }

    /** Fuel used so far. */
    long used() {
        return used;
    }
}

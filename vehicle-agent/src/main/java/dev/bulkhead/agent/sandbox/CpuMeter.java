package dev.bulkhead.agent.sandbox;

/**
 * Turns fuel (instructions charged by compiled code) into CPU time and decides whether the guest may go on. One per instance, called on
 * its strand only. {@link #begin} → any number of {@link #exhausted} and {@link #look} → {@link #end} for each callback.
 */
public interface CpuMeter {
    /** A callback starts: fuel of its first slice, &gt; 0. May park the strand until the account has something to give. */
    long begin();

    /**
     * The slice is used up.
     *
     * @param used fuel used since the last call of this meter
     * @return fuel of the next slice, &gt; 0
     * @throws KillException if the guest must end
     */
    long exhausted(long used);

    /**
     * The slice is not used up, but what the host did for the guest may have taken long. The slice goes on.
     *
     * @param used fuel used since the last call of this meter
     * @throws KillException if the guest must end
     */
    void look(long used);

    /** The callback ended in whatever way; {@code used} fuel since the last call. */
    void end(long used);

    /**
     * The guest's memory, tables and element segments are about to grow within what its budget allows them, or to shrink.
     *
     * @param bytes they will have
     * @return false when what the host holds for the guest leaves no room for that; never when they shrink
     */
    default boolean memoryGrows(long bytes) {
        return true;
    }

    /**
     * The guest asked for more memory than its budget has, and was told no.
     *
     * @param held bytes it has
     * @param wanted bytes it would have had
     */
    default void memoryRefused(long held, long wanted) {}

    /** Never stops the guest, only looks for an interrupt now and then. For tools and tests. */
    static CpuMeter unlimited() {
        return new UnlimitedMeter();
    }
}

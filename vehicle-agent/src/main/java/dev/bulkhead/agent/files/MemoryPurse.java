package dev.bulkhead.agent.files;

/** Pays for what is kept in memory for a guest. */
public interface MemoryPurse {
    /** Takes bytes for something about to be kept; false, and nothing is taken, when there is no room. */
    boolean take(long bytes);

    void give(long bytes);

    /** For a run that has no budget of an app. */
    static MemoryPurse bottomless() {
        return new MemoryPurse() {
            @Override
            public boolean take(long bytes) {
                return true;
            }

            @Override
            public void give(long bytes) {
                // nothing was counted
            }
        };
    }
}

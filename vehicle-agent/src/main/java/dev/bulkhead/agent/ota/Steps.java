package dev.bulkhead.agent.ota;

/**
 * Told at each step after which the disk has changed. For progress displays and for tests that cut the power there; called
 * on the client's strand.
 */
public interface Steps {
    /** The steps of one update, in their order. */
    enum Step {
        METADATA_ACCEPTED,
        BLOCK_WRITTEN,
        BLOCK_MARKED,
        FILE_VERIFIED,
        HANDED_OVER,
        PART_DISCARDED,
        OUTCOME_NOTED
    }

    /** Nobody listens. */
    Steps IGNORED = step -> {};

    void passed(Step step);
}

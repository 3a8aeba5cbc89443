package dev.bulkhead.server.campaign;

/** What a rollout does next. */
sealed interface RolloutStep {
    /** Nothing has changed. */
    record Stay() implements RolloutStep {}

    /** Watch the group that succeeded. */
    record Soak() implements RolloutStep {}

    /** Open the next group. */
    record NextGroup() implements RolloutStep {}

    /** All groups have succeeded. */
    record Complete() implements RolloutStep {}

    /** Stop until somebody says so. */
    record Pause(String why) implements RolloutStep {}

    /** Take the fleet back. */
    record RollBack(String why) implements RolloutStep {}
}

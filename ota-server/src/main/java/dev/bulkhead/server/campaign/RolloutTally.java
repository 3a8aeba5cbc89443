package dev.bulkhead.server.campaign;

import dev.bulkhead.server.store.ActionRow;
import java.util.Collection;
import java.util.List;

/**
 * How far some vehicles of a rollout are.
 *
 * @param vehicles all of them
 * @param succeeded proved the new version
 * @param failed failed, refused it or rolled back by themselves
 */
public record RolloutTally(int vehicles, int succeeded, int failed) {
    /**
     * Counts vehicles, each by the actions it has: one that failed with any has failed, one that succeeded with all has succeeded. A vehicle one of whose
     * actions was superseded or removed by other orders counts for nothing.
     */
    static RolloutTally of(Collection<List<ActionRow>> vehicles) {
        return vehicles.stream()
                .filter(actions -> !actions.isEmpty())
                .map(RolloutTally::ofOne)
                .reduce(new RolloutTally(0, 0, 0), RolloutTally::plus);
    }

    private static RolloutTally ofOne(List<ActionRow> actions) {
        int succeeded = 0;
        boolean failed = false;
        for (ActionRow action : actions) {
            switch (ActionState.ofWord(action.state()).orElseThrow()) {
                case SUPERSEDED, REMOVED -> {
                    return new RolloutTally(0, 0, 0);
                }
                case SUCCEEDED -> succeeded++;
                case FAILED, REFUSED, ROLLED_BACK -> failed = true;
                case ASSIGNED, DOWNLOADING, VERIFYING, WAITING, INSTALLING, PROBATION -> {}
            }
        }
        return new RolloutTally(1, succeeded == actions.size() ? 1 : 0, failed ? 1 : 0);
    }

    RolloutTally plus(RolloutTally other) {
        return new RolloutTally(vehicles + other.vehicles, succeeded + other.succeeded, failed + other.failed);
    }

    /** Whether too many of those that have ended failed. */
    boolean exceeds(int errorPercent, int minimumSample) {
        int ended = succeeded + failed;
        return ended >= minimumSample && 100L * failed > (long) errorPercent * ended;
    }

    /** Whether enough of all vehicles have succeeded; nobody is enough of nobody. */
    boolean reaches(int successPercent) {
        return 100L * succeeded >= (long) successPercent * vehicles;
    }
}

package dev.bulkhead.server.campaign;

import dev.bulkhead.server.store.ActionRow;
import java.util.List;

/**
 * How far some vehicles of a rollout are.
 *
 * @param vehicles all of them
 * @param succeeded proved the new version
 * @param failed failed, refused it or rolled back by themselves
 */
public record RolloutTally(int vehicles, int succeeded, int failed) {
    /** Counts actions; one that was superseded or removed by other orders counts for nothing. */
    static RolloutTally of(List<ActionRow> actions) {
        int vehicles = 0;
        int succeeded = 0;
        int failed = 0;
        for (ActionRow action : actions) {
            switch (ActionState.ofWord(action.state()).orElseThrow()) {
                case SUPERSEDED, REMOVED -> {}
                case SUCCEEDED -> {
                    vehicles++;
                    succeeded++;
                }
                case FAILED, REFUSED, ROLLED_BACK -> {
                    vehicles++;
                    failed++;
                }
                case ASSIGNED, DOWNLOADING, VERIFYING, WAITING, INSTALLING, PROBATION -> vehicles++;
            }
        }
        return new RolloutTally(vehicles, succeeded, failed);
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

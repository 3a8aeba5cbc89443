package dev.bulkhead.server.campaign;

import dev.bulkhead.server.store.AssignmentRow;
import dev.bulkhead.server.store.RolloutRow;
import java.util.List;

/**
 * Where a rollout stands.
 *
 * @param groups the tally of each group; those not opened yet have only vehicles
 */
public record RolloutStatus(AssignmentRow assignment, RolloutRow row, RolloutPhase phase, List<RolloutTally> groups) {
    public RolloutStatus {
        groups = List.copyOf(groups);
    }
}

package dev.bulkhead.server.campaign;

import dev.bulkhead.server.store.AssignmentRow;
import dev.bulkhead.server.store.RolloutRow;
import java.util.List;
import java.util.Map;

/**
 * Where a rollout stands.
 *
 * @param assignment of its first app; it has the rollout's id
 * @param companions assignments that the same vehicles take over with it, all or none
 * @param fallbacks of the companions, by app id; an empty one = none
 * @param groups the tally of each group; those not opened yet have only vehicles
 */
public record RolloutStatus(
        AssignmentRow assignment,
        List<AssignmentRow> companions,
        Map<String, String> fallbacks,
        RolloutRow row,
        RolloutPhase phase,
        List<RolloutTally> groups) {
    public RolloutStatus {
        companions = List.copyOf(companions);
        fallbacks = Map.copyOf(fallbacks);
        groups = List.copyOf(groups);
    }
}

package dev.bulkhead.server.campaign;

import dev.bulkhead.server.store.ActionRow;
import dev.bulkhead.server.store.AssignmentRow;
import java.util.List;

/**
 * An assignment and where each of its vehicles stands.
 *
 * @param companions assignments that the same vehicles take over with it, all or none
 */
public record AssignmentStatus(AssignmentRow assignment, List<ActionRow> actions, List<AssignmentRow> companions) {
    public AssignmentStatus {
        companions = List.copyOf(companions);
        actions = List.copyOf(actions);
    }

    /** Whether there is a vehicle, and every one has reached a final state. */
    public boolean isFinished() {
        return !actions.isEmpty()
                && actions.stream()
                        .allMatch(action -> ActionState.ofWord(action.state())
                                .map(ActionState::isFinal)
                                .orElse(false));
    }

    /** How many vehicles are in this state. */
    public long count(ActionState state) {
        return actions.stream()
                .filter(action -> action.state().equals(state.word()))
                .count();
    }
}

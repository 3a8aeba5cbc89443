package dev.bulkhead.agent.lifecycle;

import java.util.List;

/** The supervisor's answer to one event: the slot as it is now, and what must be done, in order. */
public record Step(AppSlot slot, List<SupervisorAction> actions) {
    public Step {
        actions = List.copyOf(actions);
    }
}

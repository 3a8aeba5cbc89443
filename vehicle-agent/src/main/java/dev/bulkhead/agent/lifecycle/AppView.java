package dev.bulkhead.agent.lifecycle;

import java.util.Optional;

/**
 * One app at one moment.
 *
 * @param cause of the last transition
 * @param restarts starts after the first, since the agent started
 * @param update where the last order stands
 */
public record AppView(
        AppSlot slot,
        String cause,
        int restarts,
        Optional<UpdateReport> update,
        Optional<StoredRelease> release,
        Optional<CompartmentView> compartment) {}

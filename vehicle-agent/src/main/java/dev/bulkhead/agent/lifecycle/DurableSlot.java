package dev.bulkhead.agent.lifecycle;

import java.util.Objects;
import java.util.Optional;

/**
 * The part of an app's state that survives power loss. After a restart the agent comes back to exactly this.
 *
 * @param candidateOrder present exactly when {@code candidate} is
 * @param quarantine why the app is walled off, if it is
 */
public record DurableSlot(
        String appId,
        AppSlot.Wish wish,
        Optional<ReleaseRef> active,
        Optional<ReleaseRef> fallback,
        Optional<ReleaseRef> candidate,
        Optional<String> candidateOrder,
        Optional<String> trial,
        Optional<ReleaseRef> rejected,
        Optional<String> quarantine) {
    public DurableSlot {
        Objects.requireNonNull(appId, "appId");
        Objects.requireNonNull(wish, "wish");
        if (candidate.isPresent() != candidateOrder.isPresent()) {
            throw new IllegalArgumentException("slot " + appId + ": a candidate and its order come together");
        }
    }
}

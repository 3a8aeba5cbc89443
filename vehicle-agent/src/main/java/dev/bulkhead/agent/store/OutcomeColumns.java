package dev.bulkhead.agent.store;

import dev.bulkhead.agent.lifecycle.ReleaseRef;
import dev.bulkhead.agent.lifecycle.UpdateOutcome;
import java.util.Optional;

/** An outcome as three columns. */
record OutcomeColumns(String word, String detail, Optional<ReleaseRef> other) {
    static OutcomeColumns of(UpdateOutcome outcome) {
        return switch (outcome) {
            case UpdateOutcome.Waiting waiting -> plain("waiting", waiting.condition());
            case UpdateOutcome.Activating _ -> plain("activating", "");
            case UpdateOutcome.OnProbation _ -> plain("activating", "");
            case UpdateOutcome.Proven _ -> plain("proven", "");
            case UpdateOutcome.RolledBack back ->
                new OutcomeColumns("rolled-back", back.cause(), Optional.of(back.to()));
            case UpdateOutcome.Failed failed -> plain("failed", failed.cause());
            case UpdateOutcome.Removed _ -> plain("removed", "");
        };
    }

    private static OutcomeColumns plain(String word, String detail) {
        return new OutcomeColumns(word, detail, Optional.empty());
    }

    /**
     * What the columns mean. Probation is told as activating: its end is a monotonic time that means nothing after a restart.
     *
     * @throws IllegalArgumentException at a word that is none
     */
    UpdateOutcome outcome() {
        return switch (word) {
            case "waiting" -> new UpdateOutcome.Waiting(detail);
            case "activating" -> new UpdateOutcome.Activating();
            case "proven" -> new UpdateOutcome.Proven();
            case "rolled-back" ->
                other.<UpdateOutcome>map(to -> new UpdateOutcome.RolledBack(to, detail))
                        .orElseGet(() -> new UpdateOutcome.Failed(detail));
            case "failed" -> new UpdateOutcome.Failed(detail);
            case "removed" -> new UpdateOutcome.Removed();
            default -> throw new IllegalArgumentException("no outcome is called so");
        };
    }
}

package dev.bulkhead.agent.store;

import dev.bulkhead.agent.lifecycle.ReleaseRef;
import dev.bulkhead.agent.lifecycle.UpdateOutcome;
import java.sql.ResultSet;
import java.sql.SQLException;
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

    /** Probation is told as activating: its end is a monotonic time that means nothing after a restart. */
    static UpdateOutcome outcome(ResultSet row) throws SQLException {
        String detail = row.getString("detail");
        String word = row.getString("outcome");
        return switch (word) {
            case "waiting" -> new UpdateOutcome.Waiting(detail);
            case "activating" -> new UpdateOutcome.Activating();
            case "proven" -> new UpdateOutcome.Proven();
            case "rolled-back" ->
                AgentStore.ref(row.getString("other"))
                        .<UpdateOutcome>map(to -> new UpdateOutcome.RolledBack(to, detail))
                        .orElseGet(() -> new UpdateOutcome.Failed(detail));
            case "failed" -> new UpdateOutcome.Failed(detail);
            case "removed" -> new UpdateOutcome.Removed();
            default -> throw new StoreException("the store holds an unknown outcome \"" + word + "\"");
        };
    }
}

package dev.bulkhead.agent.ota;

import dev.bulkhead.agent.lifecycle.UpdateOutcome;
import dev.bulkhead.contract.proto.Progress;
import dev.bulkhead.contract.proto.UpdateState;

/** The lifecycle room's words in the fleet's words. Pure. */
final class Outcomes {
    private Outcomes() {}

    static Progress apply(Progress before, UpdateOutcome outcome) {
        return switch (outcome) {
            case UpdateOutcome.Waiting waiting ->
                with(before, UpdateState.UPDATE_STATE_WAITING, "", "waits until " + waiting.condition());
            case UpdateOutcome.Activating _ -> with(before, UpdateState.UPDATE_STATE_INSTALLING, "", "");
            case UpdateOutcome.OnProbation _ -> with(before, UpdateState.UPDATE_STATE_PROBATION, "", "");
            case UpdateOutcome.Proven _ -> with(before, UpdateState.UPDATE_STATE_SUCCEEDED, "", "");
            case UpdateOutcome.RolledBack back ->
                with(
                        before,
                        UpdateState.UPDATE_STATE_ROLLED_BACK,
                        "failed",
                        back.cause() + "; " + back.to() + " runs again");
            case UpdateOutcome.Failed failed -> with(before, UpdateState.UPDATE_STATE_FAILED, "failed", failed.cause());
            case UpdateOutcome.Removed _ -> with(before, UpdateState.UPDATE_STATE_REMOVED, "", "");
        };
    }

    private static Progress with(Progress before, UpdateState state, String reason, String detail) {
        return before.toBuilder()
                .setState(state)
                .setDone(before.getTotal())
                .setReason(reason)
                .setDetail(detail)
                .build();
    }
}

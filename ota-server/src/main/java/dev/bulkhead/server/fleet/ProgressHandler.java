package dev.bulkhead.server.fleet;

import dev.bulkhead.contract.proto.Progress;
import dev.bulkhead.contract.proto.UpdateState;
import dev.bulkhead.server.broker.VehicleId;
import dev.bulkhead.server.campaign.ActionState;
import dev.bulkhead.server.campaign.ProgressReport;
import java.util.Optional;

/** A vehicle says where an assignment stands. */
final class ProgressHandler implements MessageHandler {
    private final FleetParts parts;

    ProgressHandler(FleetParts parts) {
        this.parts = parts;
    }

    @Override
    public void handle(VehicleId vehicle, byte[] payload) throws MalformedMessageException {
        Progress progress = Parse.message(Progress.parser(), "Progress", payload);
        ActionState state = state(progress.getState())
                .orElseThrow(() -> new MalformedMessageException("update state " + progress.getStateValue()));
        Parse.require(progress.getDone() >= 0 && progress.getTotal() >= 0, "bytes done and total are below 2^63");
        boolean known = parts.assignments()
                .report(
                        vehicle.value(),
                        new ProgressReport(
                                progress.getAssignmentId(),
                                state,
                                progress.getDone(),
                                progress.getTotal(),
                                progress.getReason(),
                                progress.getDetail()));
        if (!known) {
            parts.incidents()
                    .record(
                            vehicle.value(),
                            "unknown-assignment",
                            "reports " + state.word() + " of \"" + progress.getAssignmentId() + "\" ("
                                    + progress.getAppId() + " " + progress.getVersion() + ")");
        }
    }

    private static Optional<ActionState> state(UpdateState state) {
        return switch (state) {
            case UPDATE_STATE_DOWNLOADING -> Optional.of(ActionState.DOWNLOADING);
            case UPDATE_STATE_VERIFYING -> Optional.of(ActionState.VERIFYING);
            case UPDATE_STATE_WAITING -> Optional.of(ActionState.WAITING);
            case UPDATE_STATE_INSTALLING -> Optional.of(ActionState.INSTALLING);
            case UPDATE_STATE_PROBATION -> Optional.of(ActionState.PROBATION);
            case UPDATE_STATE_SUCCEEDED -> Optional.of(ActionState.SUCCEEDED);
            case UPDATE_STATE_ROLLED_BACK -> Optional.of(ActionState.ROLLED_BACK);
            case UPDATE_STATE_FAILED -> Optional.of(ActionState.FAILED);
            case UPDATE_STATE_REFUSED -> Optional.of(ActionState.REFUSED);
            case UPDATE_STATE_REMOVED -> Optional.of(ActionState.REMOVED);
            case UPDATE_STATE_UNSPECIFIED, UNRECOGNIZED -> Optional.empty();
        };
    }
}

package dev.bulkhead.server.campaign;

import dev.bulkhead.server.store.ActionRow;
import java.util.Optional;

/** How an action goes on. Pure. */
final class ActionRules {
    private ActionRules() {}

    /** The action after a vehicle's word, or empty when the word changes nothing. */
    static Optional<ActionRow> after(ActionRow action, ProgressReport report, long now) {
        ActionState state = ActionState.ofWord(action.state())
                .orElseThrow(() -> new IllegalStateException("unknown state " + action.state()));
        if (report.state() == state) {
            return sameState(action, report, now);
        }
        if (!state.mayBecome(report.state())) {
            return Optional.empty();
        }
        ActionRow moved = moved(action, report.state(), report.reason(), report.detail(), now);
        return Optional.of(transferred(moved, report, now));
    }

    private static Optional<ActionRow> sameState(ActionRow action, ProgressReport report, long now) {
        boolean news = report.done() > action.done() || report.total() != action.total();
        return news && state(action) == ActionState.DOWNLOADING
                ? Optional.of(transferred(action, report, now))
                : Optional.empty();
    }

    private static ActionState state(ActionRow action) {
        return ActionState.ofWord(action.state()).orElseThrow();
    }

    static boolean isFinal(ActionRow action) {
        return ActionState.ofWord(action.state()).map(ActionState::isFinal).orElse(true);
    }

    static ActionRow moved(ActionRow action, ActionState next, String reason, String detail, long now) {
        return new ActionRow(
                action.assignmentId(),
                action.vehicleId(),
                action.appId(),
                action.version(),
                next.word(),
                action.done(),
                action.total(),
                reason,
                detail,
                now,
                action.revision() + 1);
    }

    private static ActionRow transferred(ActionRow action, ProgressReport report, long now) {
        long total = Math.max(report.total(), action.total());
        long done = switch (state(action)) {
            case DOWNLOADING -> report.done();
            // bytes are all here once the package was looked at
            case VERIFYING, WAITING, INSTALLING, PROBATION, SUCCEEDED -> total;
            case ASSIGNED, ROLLED_BACK, FAILED, REFUSED, REMOVED, SUPERSEDED -> Math.max(report.done(), action.done());
        };
        return new ActionRow(
                action.assignmentId(),
                action.vehicleId(),
                action.appId(),
                action.version(),
                action.state(),
                done,
                total,
                action.reason(),
                action.detail(),
                now,
                action.revision());
    }
}

package dev.bulkhead.agent.lifecycle;

import dev.bulkhead.agent.lifecycle.AppSlot.Candidate;
import dev.bulkhead.agent.lifecycle.Upkeep.RestartPolicy;
import java.util.Optional;

/** What happens after an end nobody asked for: return to the proven release, try again later, or wall off. */
final class Healing {
    private Healing() {}

    static void broke(Turn turn, int incarnation, String cause) {
        AppSlot slot = turn.slot();
        Optional<Candidate> candidate = slot.candidate();
        if (candidate.isPresent() && candidate.get().incarnation() == incarnation) {
            Replacement.candidateBroke(turn, candidate.get(), cause);
            return;
        }
        var occupant = slot.phase().occupant();
        if (occupant.isEmpty() || occupant.getAsInt() != incarnation) {
            return;
        }
        turn.act(new SupervisorAction.Discard(incarnation));
        if (slot.phase() instanceof Phase.Stopping) {
            Supervisor.ended(turn, incarnation, cause);
        } else {
            fell(turn, cause);
        }
    }

    /** The occupant is gone. A candidate being prepared beside it takes its place at once; else the rules decide. */
    static void fell(Turn turn, String cause) {
        AppSlot slot = turn.slot();
        boolean beside = slot.candidate().filter(c -> c.incarnation() != 0).isPresent();
        if (PartRules.isOver(slot)) {
            PartRules.broken(turn, cause);
            turn.move(new Phase.Failed(cause), cause);
        } else if (beside && PartRules.isMember(slot) && !Replacement.cuttingOver(slot)) {
            Replacement.withdraw(turn);
            heal(turn, cause);
        } else if (beside) {
            Replacement.withdraw(turn);
            Replacement.promoteAndStart(turn, "the release it was to replace failed: " + cause);
        } else if (slot.fallback().isPresent()) {
            Replacement.rollBack(turn, cause);
        } else {
            heal(turn, cause);
        }
    }

    private static void heal(Turn turn, String cause) {
        Optional<Edition> active = turn.slot().active();
        if (active.isEmpty()) {
            turn.move(new Phase.Failed(cause), cause);
            return;
        }
        Upkeep upkeep = active.get().upkeep();
        if (upkeep.restart() == RestartPolicy.NEVER) {
            giveUp(turn, new Phase.Failed(cause), cause);
            return;
        }
        FailureWindow failures = turn.slot().failures().failedAt(turn.now(), upkeep.windowNanos());
        turn.become(turn.slot().withFailures(failures));
        if (failures.count() > upkeep.maxRestarts()) {
            giveUp(turn, new Phase.Quarantined(reason(failures, cause)), cause);
            return;
        }
        long until = turn.now() + Backoffs.delayNanos(failures.count(), turn.chance());
        int ticket = turn.slot().lastIncarnation();
        turn.move(new Phase.Backoff(until, ticket, cause), cause);
        turn.act(new SupervisorAction.WakeFromBackoff(ticket, until));
    }

    private static String reason(FailureWindow failures, String cause) {
        return failures.count() + " failures within its restart window, the last: " + cause;
    }

    private static void giveUp(Turn turn, Phase phase, String cause) {
        AppSlot slot = turn.slot();
        turn.move(phase, cause);
        slot.active()
                .ifPresent(e -> slot.trial()
                        .ifPresent(order -> turn.report(order, e.release(), new UpdateOutcome.Failed(cause))));
        turn.become(turn.slot()
                .withTrial(Optional.empty())
                .withRejected(slot.active().map(Edition::release)));
    }

    static void exited(Turn turn, int incarnation, int code) {
        AppSlot slot = turn.slot();
        if (code != 0) {
            broke(turn, incarnation, "exit code " + code);
            return;
        }
        if (!(slot.phase() instanceof Phase.Running r) || r.incarnation() != incarnation) {
            broke(turn, incarnation, "exit before it ran");
            return;
        }
        if (slot.active()
                .filter(e -> e.upkeep().restart() == RestartPolicy.ALWAYS)
                .isPresent()) {
            broke(turn, incarnation, "exit code 0 under restart policy always");
            return;
        }
        turn.act(new SupervisorAction.Discard(incarnation));
        Replacement.held(turn);
        turn.move(new Phase.Stopped(), "exit code 0");
        if (slot.candidate().filter(c -> c.incarnation() != 0).isPresent()) {
            Replacement.withdraw(turn);
            if (!PartRules.isMember(slot) || Replacement.cuttingOver(slot)) {
                Replacement.promoteAndStart(turn, "replaced");
            }
        }
    }

    static void backoffOver(Turn turn, int ticket) {
        if (turn.slot().phase() instanceof Phase.Backoff b && b.ticket() == ticket) {
            turn.startOrRest("backoff over");
        }
    }
}

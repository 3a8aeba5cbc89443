package dev.bulkhead.agent.lifecycle;

import dev.bulkhead.agent.lifecycle.AppSlot.Candidate;
import dev.bulkhead.agent.lifecycle.AppSlot.Stage;
import java.util.Optional;

/** What follows for an app when another one that it may depend on comes, goes or changes its version. */
final class Needs {
    private Needs() {}

    /** At a message boundary it is looked at after that. */
    static void neighbourChanged(Turn turn) {
        if (Replacement.cuttingOver(turn.slot())) {
            return;
        }
        lookAtCandidate(turn);
        if (turn.slot().phase() instanceof Phase.Waiting) {
            turn.startOrRest("what it needs runs");
        } else {
            stopIfLost(turn);
        }
    }

    private static void lookAtCandidate(Turn turn) {
        Optional<Candidate> candidate = turn.slot().candidate();
        if (candidate.isPresent()
                && candidate.get().stage() == Stage.LACKING
                && turn.surroundings().lacking(candidate.get().edition()).isEmpty()) {
            Candidate again = candidate.get().at(Stage.GATED, 0);
            turn.become(turn.slot().withCandidate(Optional.of(again)));
            Replacement.gateOrProceed(turn, again);
        }
    }

    /** Stops an app that runs without what it needs; it starts again when that is back. A version on its way in replaces it instead. */
    static void stopIfLost(Turn turn) {
        Optional<String> lost =
                turn.slot().active().flatMap(active -> turn.surroundings().lost(active));
        boolean live =
                turn.slot().phase() instanceof Phase.Running || turn.slot().phase() instanceof Phase.Starting;
        var occupant = turn.slot().phase().occupant();
        if (lost.isEmpty() || !live || occupant.isEmpty() || PartRules.isMoving(turn.slot())) {
            return;
        }
        turn.discardRetained();
        boolean shadowing = Supervisor.shadowing(turn.slot()) && !PartRules.isMember(turn.slot());
        Replacement.withdraw(turn);
        turn.stop(occupant.getAsInt(), shadowing ? Phase.Next.REPLACE : Phase.Next.WAIT, lost.get());
    }
}

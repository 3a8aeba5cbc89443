package dev.bulkhead.agent.lifecycle;

import dev.bulkhead.agent.lifecycle.AppSlot.Wish;
import java.util.Locale;
import java.util.OptionalInt;

/** What an operator's word does to a slot. Each verb is idempotent. */
final class OperatorVerbs {
    private OperatorVerbs() {}

    static void apply(Turn turn, SupervisorEvent.Operator event) {
        String cause = event.verb().name().toLowerCase(Locale.ROOT) + " asked by " + event.who();
        boolean alone = followsAlone(turn.slot(), event.verb());
        if (alone ? Deferral.putOff(turn, event) : Deferral.putOff(turn, event, cause)) {
            return;
        }
        if (turn.slot().wish() == Wish.ABSENT) {
            return;
        }
        switch (event.verb()) {
            case START -> start(turn, cause);
            case STOP -> stop(turn, cause);
            case RESTART -> restart(turn, cause);
            case QUARANTINE -> quarantine(turn, cause);
            case ROLLBACK -> rollback(turn, cause);
        }
    }

    /** Whether an ensemble goes on when one of its members does this. */
    private static boolean followsAlone(AppSlot slot, SupervisorEvent.Verb verb) {
        boolean steady = PartRules.is(slot, Part.State.OVER) || PartRules.is(slot, Part.State.STEADY);
        return switch (verb) {
            case START -> true;
            case RESTART -> steady || PartRules.is(slot, Part.State.HELD);
            case STOP -> steady;
            case QUARANTINE, ROLLBACK -> false;
        };
    }

    private static void start(Turn turn, String cause) {
        turn.become(turn.slot().withWish(Wish.RUN));
        if (turn.slot().phase() instanceof Phase.Stopping s && s.next() == Phase.Next.STOPPED) {
            turn.stop(s.incarnation(), Phase.Next.RESTART, cause);
        } else if (turn.slot().phase().occupant().isEmpty()) {
            turn.become(turn.slot().withFailures(FailureWindow.CLEAN));
            turn.startOrRest(cause);
        }
    }

    private static void stop(Turn turn, String cause) {
        turn.become(turn.slot().withWish(Wish.STOP));
        turn.discardRetained();
        OptionalInt occupant = turn.slot().phase().occupant();
        if (occupant.isEmpty()) {
            if (!(turn.slot().phase() instanceof Phase.Quarantined)) {
                turn.move(new Phase.Stopped(), cause);
            }
            return;
        }
        boolean replacing = turn.slot()
                .candidate()
                .filter(c -> switch (c.stage()) {
                    case GATED, HELD, LACKING -> false;
                    case REPLACING, SHADOW, CUTOVER -> true;
                })
                .isPresent();
        Replacement.withdraw(turn);
        turn.stop(occupant.getAsInt(), replacing ? Phase.Next.REPLACE : Phase.Next.STOPPED, cause);
    }

    private static void restart(Turn turn, String cause) {
        boolean live =
                turn.slot().phase() instanceof Phase.Running || turn.slot().phase() instanceof Phase.Starting;
        OptionalInt occupant = turn.slot().phase().occupant();
        if (!live || occupant.isEmpty()) {
            start(turn, cause);
            return;
        }
        turn.become(turn.slot().withWish(Wish.RUN).withFailures(FailureWindow.CLEAN));
        turn.discardRetained();
        boolean shadowing = Supervisor.shadowing(turn.slot());
        Replacement.withdraw(turn);
        turn.stop(occupant.getAsInt(), shadowing ? Phase.Next.REPLACE : Phase.Next.RESTART, cause);
    }

    private static void quarantine(Turn turn, String cause) {
        Replacement.abandon(turn, "the app is being quarantined");
        turn.discardRetained();
        OptionalInt occupant = turn.slot().phase().occupant();
        if (occupant.isPresent()) {
            turn.stop(occupant.getAsInt(), Phase.Next.QUARANTINE, cause);
        } else if (!(turn.slot().phase() instanceof Phase.Quarantined)) {
            turn.move(new Phase.Quarantined("by an operator"), cause);
        }
    }

    /** Whoever wants the version before does not want a newer one that is on its way either. */
    private static void rollback(Turn turn, String cause) {
        if (turn.slot().fallback().isEmpty()) {
            return;
        }
        Replacement.abandon(turn, cause);
        turn.become(turn.slot().withWish(Wish.RUN));
        OptionalInt occupant = turn.slot().phase().occupant();
        if (occupant.isPresent()) {
            turn.stop(occupant.getAsInt(), Phase.Next.FALL_BACK, cause);
        } else {
            Replacement.rollBack(turn, cause);
        }
    }
}

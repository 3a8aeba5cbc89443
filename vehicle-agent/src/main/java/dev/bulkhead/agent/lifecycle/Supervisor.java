package dev.bulkhead.agent.lifecycle;

import dev.bulkhead.agent.lifecycle.AppSlot.Stage;
import dev.bulkhead.agent.lifecycle.AppSlot.Wish;
import java.util.Optional;

/**
 * The pure core (sandbox.md "Lifecycle"): state and event give state and actions. No clock, no I/O, no randomness of
 * its own; the same inputs give the same step. News about an incarnation that is no longer current is ignored, so every
 * event may be handed in late or twice.
 */
public final class Supervisor {
    private Supervisor() {}

    /**
     * Answers one event.
     *
     * @param now monotonic nanoseconds
     * @param chance uniform within [0, 1), used to spread restarts
     */
    public static Step step(AppSlot slot, SupervisorEvent event, long now, double chance) {
        return step(slot, event, now, chance, Surroundings.NONE);
    }

    /** The same among other apps. */
    static Step step(AppSlot slot, SupervisorEvent event, long now, double chance, Surroundings surroundings) {
        Turn turn = new Turn(slot, now, chance, surroundings);
        switch (event) {
            case SupervisorEvent.AgentStarted _ -> agentStarted(turn);
            case SupervisorEvent.Desire desire -> Replacement.desire(turn, desire);
            case SupervisorEvent.Enlist enlist -> PartRules.enlist(turn, enlist);
            case SupervisorEvent.Cue cue -> PartRules.cue(turn, cue);
            case SupervisorEvent.Remove remove -> remove(turn, remove);
            case SupervisorEvent.GateOpened _ -> Replacement.gateOpened(turn);
            case SupervisorEvent.NeighbourChanged _ -> Needs.neighbourChanged(turn);
            case SupervisorEvent.Operator operator -> OperatorVerbs.apply(turn, operator);
            case SupervisorEvent.Started started -> started(turn, started.incarnation());
            case SupervisorEvent.Broke broke -> Healing.broke(turn, broke.incarnation(), broke.cause());
            case SupervisorEvent.Exited exited -> Healing.exited(turn, exited.incarnation(), exited.code());
            case SupervisorEvent.Ended ended -> ended(turn, ended.incarnation(), "stopped as asked");
            case SupervisorEvent.Throttle throttle -> throttle(turn, throttle);
            case SupervisorEvent.ShadowDone done -> Replacement.shadowDone(turn, done.incarnation());
            case SupervisorEvent.CutOver over -> Replacement.cutOver(turn, over.incarnation());
            case SupervisorEvent.BackoffOver over -> Healing.backoffOver(turn, over.ticket());
            case SupervisorEvent.ProbationOver over -> probationOver(turn, over.incarnation());
        }
        return turn.done();
    }

    private static void agentStarted(Turn turn) {
        AppSlot slot = turn.slot();
        if (slot.wish() == Wish.ABSENT) {
            purge(turn, "removal resumed");
            return;
        }
        boolean walledOff = slot.phase() instanceof Phase.Quarantined;
        if (slot.candidate().isPresent() && !PartRules.isMember(slot)) {
            Replacement.resume(turn);
        }
        if (!walledOff && !PartRules.is(slot, Part.State.CUED) && turn.slot().phase() instanceof Phase.Installed) {
            turn.startOrRest("agent started");
        }
    }

    private static void remove(Turn turn, SupervisorEvent.Remove remove) {
        if (Deferral.putOff(turn, remove, "the app is being removed")) {
            return;
        }
        Replacement.abandon(turn, "the app is being removed");
        turn.discardRetained();
        turn.become(turn.slot().withWish(Wish.ABSENT).withTrial(Optional.of(remove.order())));
        var occupant = turn.slot().phase().occupant();
        if (occupant.isPresent()) {
            turn.stop(occupant.getAsInt(), Phase.Next.REMOVE, "removal ordered");
        } else {
            purge(turn, "removal ordered");
        }
    }

    static void purge(Turn turn, String cause) {
        AppSlot slot = turn.slot();
        turn.move(new Phase.Removed(), cause);
        slot.fallback().ifPresent(e -> turn.act(new SupervisorAction.DropRelease(e.release())));
        slot.active().ifPresent(e -> {
            turn.act(new SupervisorAction.DropRelease(e.release()));
            slot.trial().ifPresent(order -> turn.report(order, e.release(), new UpdateOutcome.Removed()));
        });
        turn.act(new SupervisorAction.Purge());
    }

    private static void started(Turn turn, int incarnation) {
        if (turn.slot().phase() instanceof Phase.Starting s && s.incarnation() == incarnation) {
            turn.move(new Phase.Running(incarnation, turn.now(), false), "started");
            PartRules.started(turn);
            Replacement.beginProbation(turn, incarnation);
            Needs.stopIfLost(turn);
        }
    }

    /** Whatever was to follow the stop of this incarnation happens now. */
    static void ended(Turn turn, int incarnation, String cause) {
        if (!(turn.slot().phase() instanceof Phase.Stopping s) || s.incarnation() != incarnation) {
            return;
        }
        switch (s.next()) {
            case STOPPED -> turn.move(new Phase.Stopped(), cause);
            case RESTART, WAIT -> turn.startOrRest("restart");
            case REPLACE -> {
                if (PartRules.mayPromote(turn.slot())) {
                    Replacement.promoteAndStart(turn, "replaced");
                } else {
                    turn.startOrRest("restart");
                }
            }
            case REMOVE -> purge(turn, cause);
            case QUARANTINE -> turn.move(new Phase.Quarantined("by an operator"), cause);
            case FALL_BACK -> Replacement.rollBack(turn, "rolled back by an operator");
        }
    }

    private static void throttle(Turn turn, SupervisorEvent.Throttle throttle) {
        if (turn.slot().phase() instanceof Phase.Running r && r.incarnation() == throttle.incarnation()) {
            turn.move(
                    new Phase.Running(r.incarnation(), r.sinceNanos(), throttle.on()),
                    throttle.on() ? "CPU budget used up" : "CPU budget refilled");
        }
    }

    private static void probationOver(Turn turn, int incarnation) {
        if (turn.slot().phase() instanceof Phase.Running r && r.incarnation() == incarnation) {
            Replacement.held(turn);
        }
    }

    static boolean shadowing(AppSlot slot) {
        return slot.candidate().filter(c -> c.stage() == Stage.SHADOW).isPresent();
    }
}

package dev.bulkhead.agent.lifecycle;

import dev.bulkhead.agent.lifecycle.AppSlot.Candidate;
import dev.bulkhead.agent.lifecycle.AppSlot.Stage;
import dev.bulkhead.agent.lifecycle.AppSlot.Wish;
import dev.bulkhead.agent.lifecycle.Part.State;
import dev.bulkhead.agent.lifecycle.SupervisorEvent.Cue;
import dev.bulkhead.agent.lifecycle.Upkeep.SwapMode;
import java.util.Optional;

/** What a slot does as a member of an {@link Ensemble}: nothing of its own accord that the others would not follow. */
final class PartRules {
    private PartRules() {}

    static boolean isMember(AppSlot slot) {
        return slot.part().isPresent();
    }

    static boolean is(AppSlot slot, State state) {
        return slot.part().filter(part -> part.state() == state).isPresent();
    }

    /** True once the new version has taken the place of the old one. */
    static boolean isOver(AppSlot slot) {
        return isMember(slot) && slot.candidate().isEmpty();
    }

    /** False while its candidate has to wait for its turn. */
    static boolean mayPromote(AppSlot slot) {
        return !isMember(slot) || is(slot, State.TAKING);
    }

    /** True while the members are being exchanged, so that one may run beside a version of another that does not suit it. */
    static boolean isMoving(AppSlot slot) {
        return is(slot, State.CUED) || is(slot, State.TAKING) || is(slot, State.BROKEN);
    }

    private static void become(Turn turn, State next) {
        turn.become(turn.slot().withPart(turn.slot().part().map(part -> part.at(next))));
    }

    static void broken(Turn turn, String cause) {
        if (!is(turn.slot(), State.BROKEN)) {
            turn.become(turn.slot().withPart(turn.slot().part().map(part -> part.broken(cause))));
        }
    }

    /**
     * A wish for an edition that comes in together with others. It waits for its cues; what runs is not touched. An app that runs the edition
     * already has nothing to change and takes no part.
     */
    static void enlist(Turn turn, SupervisorEvent.Enlist enlist) {
        ReleaseRef wanted = enlist.edition().release();
        if (turn.slot().active().filter(e -> e.release().equals(wanted)).isPresent()) {
            Replacement.desire(turn, new SupervisorEvent.Desire(enlist.edition(), enlist.order()));
            return;
        }
        Replacement.abandon(turn, "superseded by order " + enlist.order());
        AppSlot slot = turn.slot();
        Wish before = slot.active().isEmpty() ? Wish.ABSENT : slot.wish();
        turn.become(slot.withRejected(Optional.empty())
                .withCandidate(Optional.of(new Candidate(enlist.edition(), enlist.order(), Stage.HELD, 0)))
                .withPart(Optional.of(new Part(enlist.ensemble(), before, State.HELD, ""))));
        turn.report(enlist.order(), wanted, new UpdateOutcome.Activating());
    }

    static void cue(Turn turn, Cue cue) {
        Optional<Part> part = turn.slot().part();
        if (part.isEmpty() || !part.get().ensemble().equals(cue.ensemble())) {
            return;
        }
        switch (cue.move()) {
            case WAIT -> await(turn, part.get(), cue.why());
            case PREPARE -> prepare(turn);
            case BRACE -> become(turn, State.CUED);
            case CUT -> cut(turn);
            case SETTLE -> {
                turn.become(turn.slot().withPart(Optional.empty()));
                Replacement.prove(turn);
            }
            case BREAK -> broken(turn, cue.why());
            case RETURN -> back(turn, part.get(), cue.why());
        }
    }

    private static void await(Turn turn, Part part, String what) {
        turn.become(turn.slot().withPart(Optional.of(part.waitingFor(what))));
        turn.slot()
                .candidate()
                .ifPresent(c -> turn.report(c.order(), c.edition().release(), new UpdateOutcome.Waiting(what)));
    }

    private static void prepare(Turn turn) {
        Candidate candidate = turn.slot().candidate().orElseThrow();
        if (turn.slot().phase() instanceof Phase.Running live
                && candidate.edition().upkeep().swap() == SwapMode.HANDOVER) {
            become(turn, State.PREPARING);
            Replacement.prepare(turn, candidate, live.incarnation());
        } else {
            become(turn, State.READY);
        }
    }

    private static void cut(Turn turn) {
        Candidate candidate = turn.slot().candidate().orElseThrow();
        become(turn, State.TAKING);
        turn.become(turn.slot().withWish(Wish.RUN));
        if (candidate.incarnation() != 0 && turn.slot().phase() instanceof Phase.Running live) {
            Replacement.takeOver(turn, candidate, live.incarnation());
        } else {
            Replacement.replace(turn, candidate);
        }
    }

    /** The new version did well in its shadow run; told once more, it changes nothing. */
    static void shadowDone(Turn turn) {
        if (is(turn.slot(), State.PREPARING)) {
            become(turn, State.READY);
        }
    }

    /** The new version runs. */
    static void started(Turn turn) {
        if (isOver(turn.slot()) && !is(turn.slot(), State.BROKEN)) {
            become(turn, State.OVER);
        }
    }

    /** Its probation is over. */
    static void held(Turn turn) {
        become(turn, State.STEADY);
    }

    /** The old version goes on without a new one beside it, which then takes its place by a restart. */
    static void withdrawn(Turn turn) {
        if (is(turn.slot(), State.PREPARING)) {
            become(turn, State.READY);
        }
    }

    /** Back to what was before the ensemble. */
    private static void back(Turn turn, Part part, String cause) {
        AppSlot slot = turn.slot().withPart(Optional.empty());
        boolean fresh = part.before() == Wish.ABSENT;
        turn.become(fresh ? slot : slot.withWish(part.before()));
        if (slot.candidate().isPresent()) {
            dropCandidate(turn, slot.candidate().get(), cause);
            if (fresh) {
                leave(turn, cause);
            }
        } else if (slot.fallback().isPresent()) {
            discardOccupant(turn);
            Replacement.rollBack(turn, cause);
        } else if (fresh) {
            discardOccupant(turn);
            slot.trial()
                    .ifPresent(order -> slot.active()
                            .ifPresent(e -> turn.report(order, e.release(), new UpdateOutcome.Failed(cause))));
            turn.become(turn.slot().withTrial(Optional.empty()));
            leave(turn, cause);
        }
    }

    private static void discardOccupant(Turn turn) {
        turn.slot().phase().occupant().ifPresent(occupant -> turn.act(new SupervisorAction.Discard(occupant)));
    }

    private static void dropCandidate(Turn turn, Candidate candidate, String cause) {
        if (candidate.incarnation() != 0) {
            turn.act(new SupervisorAction.Discard(candidate.incarnation()));
        }
        ReleaseRef bad = candidate.edition().release();
        UpdateOutcome outcome = turn.slot()
                .active()
                .<UpdateOutcome>map(old -> new UpdateOutcome.RolledBack(old.release(), cause))
                .orElseGet(() -> new UpdateOutcome.Failed(cause));
        turn.report(candidate.order(), bad, outcome);
        turn.act(new SupervisorAction.DropRelease(bad));
        turn.become(turn.slot().withCandidate(Optional.empty()).withRejected(Optional.of(bad)));
    }

    /** An app that was not here before is not here afterwards, unless something else was ordered for it meanwhile. */
    private static void leave(Turn turn, String cause) {
        if (!turn.slot().deferred().isEmpty()) {
            turn.slot().active().ifPresent(e -> turn.act(new SupervisorAction.DropRelease(e.release())));
            turn.become(turn.slot().withActive(Optional.empty()));
            turn.move(new Phase.Installed(), cause);
            return;
        }
        turn.become(turn.slot().withWish(Wish.ABSENT));
        Supervisor.purge(turn, cause);
    }
}

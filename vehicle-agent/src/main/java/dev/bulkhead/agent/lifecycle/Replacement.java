package dev.bulkhead.agent.lifecycle;

import dev.bulkhead.agent.lifecycle.AppSlot.Candidate;
import dev.bulkhead.agent.lifecycle.AppSlot.Stage;
import dev.bulkhead.agent.lifecycle.AppSlot.Wish;
import dev.bulkhead.agent.lifecycle.Upkeep.SwapMode;
import java.util.Optional;

/** How a newer release gets in, proves itself, and is sent back out when it does not. */
final class Replacement {
    private Replacement() {}

    static boolean cuttingOver(AppSlot slot) {
        return slot.candidate().filter(c -> c.stage() == Stage.CUTOVER).isPresent();
    }

    static void desire(Turn turn, SupervisorEvent.Desire desire) {
        if (Deferral.putOff(turn, desire, "superseded by order " + desire.order())) {
            return;
        }
        abandon(turn, "superseded by order " + desire.order());
        ReleaseRef wanted = desire.edition().release();
        turn.become(turn.slot().withWish(Wish.RUN).withRejected(Optional.empty()));
        if (turn.slot().active().filter(e -> e.release().equals(wanted)).isPresent()) {
            desireActive(turn, desire);
            return;
        }
        Candidate candidate = new Candidate(desire.edition(), desire.order(), Stage.GATED, 0);
        turn.become(turn.slot().withCandidate(Optional.of(candidate)));
        gateOrProceed(turn, candidate);
    }

    private static void desireActive(Turn turn, SupervisorEvent.Desire desire) {
        AppSlot slot = turn.slot();
        if (slot.phase().occupant().isPresent() && slot.trial().isEmpty()) {
            turn.report(desire.order(), desire.edition().release(), new UpdateOutcome.Proven());
            return;
        }
        turn.become(slot.withTrial(Optional.of(desire.order())).withFailures(FailureWindow.CLEAN));
        turn.report(desire.order(), desire.edition().release(), new UpdateOutcome.Activating());
        if (slot.phase() instanceof Phase.Running r) {
            beginProbation(turn, r.incarnation());
        } else if (slot.phase() instanceof Phase.Stopping s) {
            turn.stop(s.incarnation(), Phase.Next.RESTART, "desired again");
        } else if (slot.phase().occupant().isEmpty()) {
            turn.startOrRest("desired again");
        }
    }

    /** A version that lacks what it needs does not take the place of one that runs. */
    static void gateOrProceed(Turn turn, Candidate candidate) {
        Edition edition = candidate.edition();
        Optional<String> lacking = turn.surroundings().lacking(edition);
        if (lacking.isPresent() && turn.slot().active().isPresent()) {
            turn.become(turn.slot().withCandidate(Optional.of(candidate.at(Stage.LACKING, 0))));
            turn.report(candidate.order(), edition.release(), new UpdateOutcome.Waiting(lacking.get()));
        } else if (edition.upkeep().gated()) {
            turn.report(
                    candidate.order(),
                    edition.release(),
                    new UpdateOutcome.Waiting(edition.upkeep().when()));
            turn.act(new SupervisorAction.WatchGate(edition.upkeep().when()));
        } else {
            proceed(turn, candidate);
        }
    }

    /** After the agent restarted: what was under way is begun again, by plain replacement. */
    static void resume(Turn turn) {
        Optional<Candidate> candidate = turn.slot().candidate();
        if (candidate.isPresent()) {
            Candidate again = candidate.get().at(Stage.GATED, 0);
            turn.become(turn.slot().withCandidate(Optional.of(again)));
            gateOrProceed(turn, again);
        }
    }

    static void gateOpened(Turn turn) {
        Optional<Candidate> candidate = turn.slot().candidate();
        if (candidate.isPresent() && candidate.get().stage() == Stage.GATED) {
            turn.act(new SupervisorAction.ForgetGate());
            Edition edition = candidate.get().edition();
            boolean lacking = turn.slot().active().isPresent()
                    && turn.surroundings().lacking(edition).isPresent();
            if (lacking) {
                gateOrProceed(turn, candidate.get());
            } else {
                proceed(turn, candidate.get());
            }
        }
    }

    private static void proceed(Turn turn, Candidate candidate) {
        if (turn.slot().phase() instanceof Phase.Running live
                && candidate.edition().upkeep().swap() == SwapMode.HANDOVER) {
            prepare(turn, candidate, live.incarnation());
        } else {
            replace(turn, candidate);
        }
    }

    /** Without anything beside it: the old version ends, then the new one starts. */
    static void replace(Turn turn, Candidate candidate) {
        switch (turn.slot().phase()) {
            case Phase.Running r -> replaceOccupant(turn, candidate, r.incarnation());
            case Phase.Starting s -> replaceOccupant(turn, candidate, s.incarnation());
            case Phase.Stopping s -> replaceOccupant(turn, candidate, s.incarnation());
            case Phase.Installed _,
                    Phase.Waiting _,
                    Phase.Stopped _,
                    Phase.Failed _,
                    Phase.Backoff _,
                    Phase.Quarantined _,
                    Phase.Removed _ -> promoteAndStart(turn, "installed");
        }
    }

    static void prepare(Turn turn, Candidate candidate, int live) {
        int incarnation = turn.newIncarnation();
        turn.become(turn.slot().withCandidate(Optional.of(candidate.at(Stage.SHADOW, incarnation))));
        turn.report(candidate.order(), candidate.edition().release(), new UpdateOutcome.Activating());
        turn.act(new SupervisorAction.Prepare(incarnation, candidate.edition(), live));
    }

    private static void replaceOccupant(Turn turn, Candidate candidate, int live) {
        turn.become(turn.slot().withCandidate(Optional.of(candidate.at(Stage.REPLACING, 0))));
        turn.stop(
                live,
                Phase.Next.REPLACE,
                "to be replaced by " + candidate.edition().release());
    }

    static void shadowDone(Turn turn, int incarnation) {
        Optional<Candidate> candidate = turn.slot().candidate();
        if (candidate.isPresent()
                && candidate.get().stage() == Stage.SHADOW
                && candidate.get().incarnation() == incarnation
                && turn.slot().phase() instanceof Phase.Running live) {
            if (PartRules.isMember(turn.slot())) {
                PartRules.shadowDone(turn);
            } else {
                takeOver(turn, candidate.get(), live.incarnation());
            }
        }
    }

    static void takeOver(Turn turn, Candidate candidate, int live) {
        turn.become(turn.slot().withCandidate(Optional.of(candidate.at(Stage.CUTOVER, candidate.incarnation()))));
        turn.act(new SupervisorAction.TakeOver(candidate.incarnation(), live));
    }

    static void cutOver(Turn turn, int incarnation) {
        Optional<Candidate> candidate = turn.slot().candidate();
        if (candidate.isEmpty()
                || candidate.get().incarnation() != incarnation
                || !(turn.slot().phase() instanceof Phase.Running live)) {
            return;
        }
        boolean proven = turn.slot().trial().isEmpty();
        turn.act(new SupervisorAction.KeepData(incarnation));
        turn.discardRetained();
        promote(turn, candidate.get());
        if (proven) {
            turn.become(turn.slot().withRetained(Optional.of(live.incarnation())));
        } else {
            turn.act(new SupervisorAction.Discard(live.incarnation()));
        }
        turn.move(
                new Phase.Running(incarnation, turn.now(), false), "took over from incarnation " + live.incarnation());
        PartRules.started(turn);
        beginProbation(turn, incarnation);
        Needs.stopIfLost(turn);
    }

    /** Makes the candidate, if there is one, the active edition, and starts it when the wish is to run. */
    static void promoteAndStart(Turn turn, String cause) {
        Optional<Candidate> candidate = turn.slot().candidate();
        if (candidate.isPresent()) {
            turn.discardRetained();
            boolean first = turn.slot().active().isEmpty();
            promote(turn, candidate.get());
            if (!first) {
                turn.act(new SupervisorAction.HandOverData(
                        candidate.get().edition().release()));
            }
            turn.report(candidate.get().order(), candidate.get().edition().release(), new UpdateOutcome.Activating());
        }
        turn.startOrRest(cause);
    }

    /**
     * Only a proven edition becomes the one to return to; an unproven one is dropped, unless an ensemble may have to return to it for want
     * of another.
     */
    private static void promote(Turn turn, Candidate candidate) {
        AppSlot slot = turn.slot();
        boolean proven = slot.trial().isEmpty();
        boolean kept = proven || (PartRules.isMember(slot) && slot.fallback().isEmpty());
        Optional<Edition> dropped = kept ? slot.fallback() : slot.active();
        dropped.ifPresent(e -> turn.act(new SupervisorAction.DropRelease(e.release())));
        if (!proven) {
            slot.active()
                    .ifPresent(e -> slot.trial()
                            .ifPresent(order -> turn.report(
                                    order, e.release(), new UpdateOutcome.Failed("superseded before it was proven"))));
        }
        turn.become(slot.withFallback(kept ? slot.active() : slot.fallback())
                .withActive(Optional.of(candidate.edition()))
                .withCandidate(Optional.empty())
                .withTrial(Optional.of(candidate.order()))
                .withFailures(FailureWindow.CLEAN));
    }

    static void beginProbation(Turn turn, int incarnation) {
        AppSlot slot = turn.slot();
        if (slot.trial().isEmpty() || slot.active().isEmpty()) {
            return;
        }
        Edition active = slot.active().get();
        long until = turn.now() + active.upkeep().probationNanos();
        turn.report(slot.trial().get(), active.release(), new UpdateOutcome.OnProbation(until));
        turn.act(new SupervisorAction.WakeFromProbation(incarnation, until));
    }

    /** Health held for the whole of probation. */
    static void held(Turn turn) {
        if (PartRules.isOver(turn.slot())) {
            PartRules.held(turn);
        } else {
            prove(turn);
        }
    }

    static void prove(Turn turn) {
        AppSlot slot = turn.slot();
        if (slot.trial().isEmpty() || slot.active().isEmpty()) {
            return;
        }
        turn.report(slot.trial().get(), slot.active().get().release(), new UpdateOutcome.Proven());
        turn.discardRetained();
        turn.act(new SupervisorAction.SettleData());
        slot.fallback().ifPresent(e -> turn.act(new SupervisorAction.DropRelease(e.release())));
        turn.become(turn.slot().withTrial(Optional.empty()).withFallback(Optional.empty()));
    }

    /** The active edition failed while there is a proven one to return to. The occupant is gone already. */
    static void rollBack(Turn turn, String cause) {
        AppSlot slot = turn.slot();
        if (slot.fallback().isEmpty() || slot.active().isEmpty()) {
            turn.startOrRest(cause);
            return;
        }
        ReleaseRef bad = slot.active().get().release();
        ReleaseRef good = slot.fallback().get().release();
        slot.trial().ifPresent(order -> turn.report(order, bad, new UpdateOutcome.RolledBack(good, cause)));
        turn.act(new SupervisorAction.DropRelease(bad));
        turn.act(new SupervisorAction.GiveBackData());
        turn.become(slot.withActive(slot.fallback())
                .withFallback(Optional.empty())
                .withTrial(Optional.empty())
                .withRejected(Optional.of(bad))
                .withFailures(FailureWindow.CLEAN)
                .withRetained(Optional.empty()));
        if (slot.retained().isPresent() && slot.wish() == Wish.RUN) {
            int frozen = slot.retained().get();
            turn.move(new Phase.Starting(frozen), cause);
            turn.act(new SupervisorAction.Thaw(frozen));
        } else {
            turn.startOrRest(cause);
        }
    }

    static void candidateBroke(Turn turn, Candidate candidate, String cause) {
        turn.act(new SupervisorAction.Discard(candidate.incarnation()));
        if (PartRules.isMember(turn.slot())) {
            turn.become(turn.slot().withCandidate(Optional.of(candidate.at(Stage.HELD, 0))));
            PartRules.broken(turn, cause);
        } else {
            sendBack(turn, candidate, cause);
        }
        if (candidate.stage() == Stage.CUTOVER && turn.slot().phase() instanceof Phase.Running live) {
            if (turn.slot().trial().isEmpty()) {
                turn.act(new SupervisorAction.GiveBackData());
            }
            turn.move(new Phase.Starting(live.incarnation()), cause);
            turn.act(new SupervisorAction.Thaw(live.incarnation()));
        }
    }

    private static void sendBack(Turn turn, Candidate candidate, String cause) {
        AppSlot slot = turn.slot();
        ReleaseRef bad = candidate.edition().release();
        slot.active()
                .ifPresent(e -> turn.report(candidate.order(), bad, new UpdateOutcome.RolledBack(e.release(), cause)));
        turn.act(new SupervisorAction.DropRelease(bad));
        turn.become(slot.withCandidate(Optional.empty()).withRejected(Optional.of(bad)));
    }

    /** Ends the candidate's compartment, if it has one, and keeps the candidate. */
    static void withdraw(Turn turn) {
        Optional<Candidate> candidate = turn.slot().candidate();
        if (candidate.isPresent() && candidate.get().incarnation() != 0) {
            turn.act(new SupervisorAction.Discard(candidate.get().incarnation()));
            Stage next = PartRules.isMember(turn.slot()) ? Stage.HELD : Stage.REPLACING;
            turn.become(turn.slot().withCandidate(candidate.map(c -> c.at(next, 0))));
            PartRules.withdrawn(turn);
        }
    }

    /** Gives the candidate up altogether. */
    static void abandon(Turn turn, String cause) {
        Optional<Candidate> candidate = turn.slot().candidate();
        if (candidate.isEmpty()) {
            return;
        }
        Candidate given = candidate.get();
        withdraw(turn);
        if (given.stage() == Stage.GATED) {
            turn.act(new SupervisorAction.ForgetGate());
        }
        ReleaseRef release = given.edition().release();
        turn.report(given.order(), release, new UpdateOutcome.Failed(cause));
        turn.act(new SupervisorAction.DropRelease(release));
        turn.become(turn.slot().withCandidate(Optional.empty()));
    }
}

package dev.bulkhead.agent.lifecycle;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** One step in the making: the slot so far and the actions so far. Lives for one call of the supervisor. */
final class Turn {
    private final List<SupervisorAction> actions = new ArrayList<>();
    private final long now;
    private final double chance;
    private final Surroundings surroundings;
    private AppSlot slot;

    Turn(AppSlot slot, long now, double chance, Surroundings surroundings) {
        this.surroundings = surroundings;
        this.slot = slot;
        this.now = now;
        this.chance = chance;
    }

    AppSlot slot() {
        return slot;
    }

    long now() {
        return now;
    }

    double chance() {
        return chance;
    }

    Surroundings surroundings() {
        return surroundings;
    }

    void become(AppSlot next) {
        slot = next;
    }

    void act(SupervisorAction action) {
        actions.add(action);
    }

    void move(Phase next, String cause) {
        if (!next.equals(slot.phase())) {
            actions.add(new SupervisorAction.Transition(slot.phase(), next, cause));
            slot = slot.withPhase(next);
        }
    }

    void report(String order, ReleaseRef release, UpdateOutcome outcome) {
        actions.add(new SupervisorAction.Report(new UpdateReport(order, release, outcome)));
    }

    int newIncarnation() {
        slot = slot.withLastIncarnation(slot.lastIncarnation() + 1);
        return slot.lastIncarnation();
    }

    /** Starts the active edition, or waits for what it needs, or rests when the wish is not to run or there is nothing to run. */
    void startOrRest(String cause) {
        Optional<Edition> active = slot.active();
        if (slot.wish() != AppSlot.Wish.RUN || active.isEmpty()) {
            move(active.isEmpty() ? new Phase.Installed() : new Phase.Stopped(), cause);
            return;
        }
        Optional<String> lacking = surroundings.lacking(active.get());
        if (lacking.isPresent()) {
            await(active.get(), lacking.get());
            return;
        }
        int incarnation = newIncarnation();
        move(new Phase.Starting(incarnation), cause);
        act(new SupervisorAction.Start(incarnation, active.get()));
    }

    private void await(Edition active, String reason) {
        Phase waiting = new Phase.Waiting(reason);
        if (waiting.equals(slot.phase())) {
            return;
        }
        move(waiting, reason);
        slot.trial().ifPresent(order -> report(order, active.release(), new UpdateOutcome.Waiting(reason)));
    }

    /** Asks the occupant to end; without one, nothing happens. */
    void stop(int incarnation, Phase.Next next, String cause) {
        boolean already = slot.phase() instanceof Phase.Stopping;
        move(new Phase.Stopping(incarnation, next), cause);
        if (!already) {
            act(new SupervisorAction.Stop(incarnation));
        }
    }

    /** Gives up the frozen incarnation kept for a return, if there is one. */
    void discardRetained() {
        slot.retained().ifPresent(frozen -> act(new SupervisorAction.Discard(frozen)));
        slot = slot.withRetained(Optional.empty());
    }

    Step done() {
        return new Step(slot, actions);
    }
}

package dev.bulkhead.hal.actuation;

import dev.bulkhead.hal.actuation.ActuationRecord.Kind;
import dev.bulkhead.hal.actuation.ActuatorState.Decision;
import dev.bulkhead.hal.signal.SignalValue;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** One batch: everything is decided before anything is sent; when a driver fails half-way, what was sent is taken back. */
final class BatchSet {
    /** Most setpoints in one batch. */
    static final int MAX_SETPOINTS = 256;

    private record Step(ActuatorPost post, Setpoint setpoint, Decision decision) {}

    private final BoardRules rules;
    private final List<Setpoint> setpoints;
    private final List<Loss> losses;

    BatchSet(BoardRules rules, List<Setpoint> setpoints, List<Loss> losses) {
        this.rules = rules;
        this.setpoints = setpoints;
        this.losses = losses;
    }

    ActuationOutcome run() {
        if (setpoints.size() > MAX_SETPOINTS || namesOneTwice()) {
            return ActuationOutcome.INVAL;
        }
        List<Step> steps = new ArrayList<>(setpoints.size());
        for (Setpoint setpoint : setpoints) {
            ActuatorPost post = rules.postOf(setpoint.claim());
            Decision decision = rules.decide(post, setpoint.claim(), setpoint.value(), losses);
            if (!decision.outcome().done()) {
                return refuse(post, setpoint, decision.outcome());
            }
            steps.add(new Step(post, setpoint, decision));
        }
        return stillOwned(steps) ? send(steps) : ActuationOutcome.COND;
    }

    private boolean namesOneTwice() {
        Set<Integer> seen = new HashSet<>();
        return !setpoints.stream()
                .allMatch(setpoint -> seen.add(setpoint.claim().actuator().id()));
    }

    /** A lapse noticed late in the batch may have taken an actuator decided earlier. */
    private static boolean stillOwned(List<Step> steps) {
        return steps.stream()
                .allMatch(step -> step.post().state().ownedBy(step.setpoint().claim()));
    }

    private ActuationOutcome send(List<Step> steps) {
        List<Step> done = new ArrayList<>(steps.size());
        for (Step step : steps) {
            if (!step.post().apply(step.decision().value())) {
                done.reversed().forEach(BatchSet::takeBack);
                return refuse(step.post(), step.setpoint(), ActuationOutcome.NODEV);
            }
            done.add(step);
        }
        boolean clamped = false;
        for (Step step : steps) {
            rules.sent(step.post(), step.setpoint().claim(), step.setpoint().value(), step.decision());
            clamped |= step.decision().outcome() == ActuationOutcome.CLAMPED;
        }
        return clamped ? ActuationOutcome.CLAMPED : ActuationOutcome.OK;
    }

    private static void takeBack(Step step) {
        SignalValue before = step.post().lastValue();
        if (before == null || !step.post().apply(before)) {
            step.post().release();
        }
    }

    private ActuationOutcome refuse(ActuatorPost post, Setpoint setpoint, ActuationOutcome why) {
        return rules.refused(post, Kind.SET, setpoint.claim(), Optional.of(setpoint.value()), why);
    }
}

package dev.bulkhead.agent.lifecycle;

import dev.bulkhead.agent.sandbox.Outcome;
import dev.bulkhead.contract.abi.Layouts;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What came of asking an occupant for its state.
 *
 * @param state empty when it has none to hand over
 */
record SavedState(Verdict verdict, Optional<byte[]> state) {
    static SavedState of(Occupant occupant) {
        if (!occupant.instance().exports("save_state")) {
            return new SavedState(new Verdict.Well(), Optional.empty());
        }
        List<byte[]> saved = new ArrayList<>(1);
        Outcome outcome = occupant.instance().save(Layouts.LONGEST_STATE, saved::add);
        return new SavedState(Verdict.of(outcome, occupant), saved.stream().findFirst());
    }
}

package dev.bulkhead.security.policy;

import dev.bulkhead.contract.capability.Capability;
import dev.bulkhead.contract.capability.Failsafe;
import dev.bulkhead.contract.capability.Literal;
import dev.bulkhead.contract.capability.SignalActuate;

/** A failsafe the app chose must lie within the range it is left with; one the integrator chose may lie anywhere. */
final class Failsafes {
    private Failsafes() {}

    static boolean fit(Capability effective, Capability ceiling, Capability rule) {
        if (!(effective instanceof SignalActuate actuate) || givesFailsafe(ceiling) || givesFailsafe(rule)) {
            return true;
        }
        boolean number = actuate.failsafe().orElse(null) instanceof Failsafe.Value(Literal.Numeric(double value))
                && actuate.range().isPresent()
                && !actuate.range().get().contains(value);
        return !number;
    }

    private static boolean givesFailsafe(Capability capability) {
        return capability instanceof SignalActuate actuate && actuate.failsafe().isPresent();
    }
}

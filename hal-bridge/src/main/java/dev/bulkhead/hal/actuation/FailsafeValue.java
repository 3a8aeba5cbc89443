package dev.bulkhead.hal.actuation;

import dev.bulkhead.contract.capability.Failsafe;
import dev.bulkhead.contract.capability.Literal;
import dev.bulkhead.contract.capability.SignalActuate;
import dev.bulkhead.hal.signal.Datatype;
import dev.bulkhead.hal.signal.SignalLeaf;
import dev.bulkhead.hal.signal.SignalValue;

/** Turns the failsafe value a grant names into one the actuator can take. */
final class FailsafeValue {
    private FailsafeValue() {}

    /** Refuses a grant whose failsafe value the actuator cannot take. */
    static void check(SignalLeaf actuator, SignalActuate grant) {
        if (grant.failsafe().orElse(null) instanceof Failsafe.Value value) {
            typed(actuator, value.value());
        }
    }

    static SignalValue typed(SignalLeaf actuator, Literal literal) {
        SignalValue value = switch (literal) {
            case Literal.Bool(boolean on) -> SignalValue.of(on);
            case Literal.Text(String text) -> SignalValue.of(text);
            case Literal.Numeric(double number) -> number(actuator, number);
        };
        SignalLeaf.Fit fit = actuator.fit(value);
        if (fit != SignalLeaf.Fit.FITS) {
            throw new ActuationException("failsafe " + literal + " of " + actuator.path() + " is "
                    + (fit == SignalLeaf.Fit.WRONG_TYPE
                            ? "no " + actuator.type().vssName()
                            : "out of its range")
                    + "; correct the grant");
        }
        return value;
    }

    private static SignalValue number(SignalLeaf actuator, double number) {
        Datatype type = actuator.type();
        if (!type.isScalar() || !type.holds(number)) {
            throw new ActuationException("failsafe " + number + " of " + actuator.path() + " is no " + type.vssName()
                    + "; correct the grant");
        }
        return new SignalValue.Scalar(type, type.fromDouble(number));
    }
}

package dev.bulkhead.hal.signal;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * The static facts of one VSS leaf.
 *
 * @param id dense: 0 up to the number of leaves; stable for one tree only
 * @param path such as {@code Vehicle.Cabin.HVAC.AmbientAirTemperature}
 * @param unit as VSS spells it, empty when it has none
 * @param allowed the only values that may be taken, as text; empty when any may
 * @param ageLimit how old a value may be before it counts as stale; zero when it never does
 */
public record SignalLeaf(
        int id,
        String path,
        LeafKind kind,
        Datatype type,
        String unit,
        OptionalDouble min,
        OptionalDouble max,
        List<String> allowed,
        Optional<SignalValue> defaultValue,
        String description,
        Duration ageLimit) {
    public SignalLeaf {
        allowed = List.copyOf(allowed);
    }

    /** Whether {@code value} has this leaf's type and lies within its range and its allowed values. */
    public Fit fit(SignalValue value) {
        if (value.type() != type) {
            return Fit.WRONG_TYPE;
        }
        return switch (value) {
            case SignalValue.Scalar scalar -> fit(scalar.bits());
            case SignalValue.Text text ->
                allowed.isEmpty() || allowed.contains(text.text()) ? Fit.FITS : Fit.OUT_OF_RANGE;
            case SignalValue.Items items -> fitItems(items);
        };
    }

    /** Whether a scalar carried by {@code bits} fits. */
    public Fit fit(long bits) {
        if (!type.carries(bits)) {
            return Fit.WRONG_TYPE;
        }
        return fitElement(type, bits);
    }

    private Fit fitElement(Datatype element, long bits) {
        double value = element.toDouble(bits);
        if (value < min.orElse(value) || value > max.orElse(value)) {
            return Fit.OUT_OF_RANGE;
        }
        if (!allowed.isEmpty() && !allowed.contains(new SignalValue.Scalar(element, bits).toString())) {
            return Fit.OUT_OF_RANGE;
        }
        return Fit.FITS;
    }

    private Fit fitItems(SignalValue.Items items) {
        for (SignalValue item : items.items()) {
            boolean fits = switch (item) {
                case SignalValue.Scalar scalar -> fitElement(scalar.type(), scalar.bits()) == Fit.FITS;
                case SignalValue.Text text -> allowed.isEmpty() || allowed.contains(text.text());
                case SignalValue.Items nested -> false;
            };
            if (!fits) {
                return Fit.OUT_OF_RANGE;
            }
        }
        return Fit.FITS;
    }

    /** How a value suits a leaf. */
    public enum Fit {
        FITS,
        WRONG_TYPE,
        OUT_OF_RANGE
    }
}

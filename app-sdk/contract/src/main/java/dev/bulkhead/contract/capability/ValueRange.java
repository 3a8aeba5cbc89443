package dev.bulkhead.contract.capability;

import dev.bulkhead.contract.notation.Decimal;
import java.util.Optional;

/** A closed range of finite numbers, in the signal's own unit. */
public record ValueRange(double low, double high) {
    public ValueRange {
        if (!Double.isFinite(low) || !Double.isFinite(high) || low > high) {
            throw new IllegalArgumentException("range " + low + ".." + high + " is empty or not finite");
        }
    }

    /** Whether the value lies within; never for NaN. */
    public boolean contains(double value) {
        return value >= low && value <= high;
    }

    /** The common part, if there is one. */
    public Optional<ValueRange> intersect(ValueRange other) {
        double from = Math.max(low, other.low);
        double to = Math.min(high, other.high);
        return from <= to ? Optional.of(new ValueRange(from, to)) : Optional.empty();
    }

    @Override
    public String toString() {
        return Decimal.text(low) + ".." + Decimal.text(high);
    }
}

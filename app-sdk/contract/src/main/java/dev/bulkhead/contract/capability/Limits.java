package dev.bulkhead.contract.capability;

import dev.bulkhead.contract.notation.Decimal;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** The narrower of two optional limits, and their spelling. */
final class Limits {
    private Limits() {}

    static OptionalDouble lower(OptionalDouble a, OptionalDouble b) {
        return a.isEmpty() ? b : b.isEmpty() ? a : OptionalDouble.of(Math.min(a.getAsDouble(), b.getAsDouble()));
    }

    static OptionalLong lower(OptionalLong a, OptionalLong b) {
        return a.isEmpty() ? b : b.isEmpty() ? a : OptionalLong.of(Math.min(a.getAsLong(), b.getAsLong()));
    }

    static OptionalInt lower(OptionalInt a, OptionalInt b) {
        return a.isEmpty() ? b : b.isEmpty() ? a : OptionalInt.of(Math.min(a.getAsInt(), b.getAsInt()));
    }

    static Optional<Condition> both(Optional<Condition> a, Optional<Condition> b) {
        if (a.isEmpty() || a.equals(b)) {
            return b;
        }
        return b.isEmpty() ? a : Optional.of(new Condition.And(a.get(), b.get()));
    }

    static void rate(OptionalDouble rate) {
        if (rate.isPresent() && !(rate.getAsDouble() > 0 && rate.getAsDouble() <= 1e6)) {
            throw new IllegalArgumentException("rate must be above 0 and at most 1000000, not " + rate.getAsDouble());
        }
    }

    static String rateText(OptionalDouble rate, String unit) {
        return rate.isPresent() ? " rate<=" + Decimal.text(rate.getAsDouble()) + unit : "";
    }

    static String whenText(Optional<Condition> when) {
        return when.map(c -> " when \"" + c.toString().replace("\\", "\\\\").replace("\"", "\\\"") + "\"")
                .orElse("");
    }
}

package dev.bulkhead.contract.capability;

import dev.bulkhead.contract.notation.Decimal;

/** A constant in a condition or failsafe, and the value of a signal that a condition looks at. */
public sealed interface Literal {
    /** A number; integers beyond 2^53 lose their last bits. */
    record Numeric(double value) implements Literal {
        @Override
        public String toString() {
            return Double.isFinite(value) ? Decimal.text(value) : Double.toString(value);
        }
    }

    record Bool(boolean value) implements Literal {
        @Override
        public String toString() {
            return Boolean.toString(value);
        }
    }

    record Text(String value) implements Literal {
        @Override
        public String toString() {
            return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'";
        }
    }
}

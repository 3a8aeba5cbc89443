package dev.bulkhead.contract.capability;

import java.util.Set;
import java.util.TreeSet;

/**
 * A safety condition over signals (capabilities.md): comparisons joined by {@code &&}, {@code ||}, {@code !}, and
 * {@code age(<signal>) < <n>ms}. A missing or stale signal anywhere, or one of another type than it is compared
 * with, makes the whole expression false, under {@code !} too. Immutable; {@code toString()} reads back as an equal condition.
 */
public sealed interface Condition {
    /**
     * Reads a condition of at most 512 characters, 64 terms and 16 levels of nesting.
     *
     * @throws CapabilityException naming the column
     */
    static Condition parse(String text) {
        return new ConditionParser(text).parse();
    }

    /** Whether the condition is known to be true now. */
    default boolean holds(Readings readings) {
        return ConditionTruth.of(this, readings) == ConditionTruth.TRUE;
    }

    /** Every signal the condition looks at, sorted. */
    default Set<String> signals() {
        Set<String> names = new TreeSet<>();
        ConditionTruth.collectSignals(this, names);
        return names;
    }

    /** {@code left op right}; at least one side is a signal. */
    record Comparison(Operand left, Operator operator, Operand right) implements Condition {
        public Comparison {
            if (left instanceof Operand.Constant && right instanceof Operand.Constant) {
                throw new IllegalArgumentException("a comparison needs a signal on one side");
            }
        }

        @Override
        public String toString() {
            return left + " " + operator + " " + right;
        }
    }

    /** {@code age(signal) < n ms}, or {@code <=} when inclusive. */
    record AgeBelow(String signal, long millis, boolean inclusive) implements Condition {
        @Override
        public String toString() {
            return "age(" + signal + ") " + (inclusive ? "<= " : "< ") + millis + "ms";
        }
    }

    record And(Condition left, Condition right) implements Condition {
        @Override
        public String toString() {
            return part(left, left instanceof Or) + " && " + part(right, right instanceof Or || right instanceof And);
        }

        private static String part(Condition part, boolean bracket) {
            return bracket ? "(" + part + ")" : part.toString();
        }
    }

    record Or(Condition left, Condition right) implements Condition {
        @Override
        public String toString() {
            return left + " || " + (right instanceof Or ? "(" + right + ")" : right.toString());
        }
    }

    record Not(Condition inner) implements Condition {
        @Override
        public String toString() {
            return "!(" + inner + ")";
        }
    }

    /** One side of a comparison. */
    sealed interface Operand {
        record Signal(String path) implements Operand {
            @Override
            public String toString() {
                return path;
            }
        }

        record Constant(Literal value) implements Operand {
            @Override
            public String toString() {
                return value.toString();
            }
        }
    }

    /** How two values are compared; ordering is for numbers only. */
    enum Operator {
        EQUAL("=="),
        NOT_EQUAL("!="),
        BELOW("<"),
        AT_MOST("<="),
        ABOVE(">"),
        AT_LEAST(">=");

        private final String sign;

        Operator(String sign) {
            this.sign = sign;
        }

        @Override
        public String toString() {
            return sign;
        }
    }
}

package dev.bulkhead.contract.capability;

import dev.bulkhead.contract.capability.Condition.AgeBelow;
import dev.bulkhead.contract.capability.Condition.And;
import dev.bulkhead.contract.capability.Condition.Comparison;
import dev.bulkhead.contract.capability.Condition.Not;
import dev.bulkhead.contract.capability.Condition.Operand;
import dev.bulkhead.contract.capability.Condition.Operator;
import dev.bulkhead.contract.capability.Condition.Or;
import dev.bulkhead.contract.capability.Readings.Reading;
import java.util.Optional;
import java.util.Set;

/** Three-valued truth: what is not known poisons the whole expression, so that a condition fails closed. */
enum ConditionTruth {
    TRUE,
    FALSE,
    UNKNOWN;

    static ConditionTruth of(Condition condition, Readings readings) {
        return switch (condition) {
            case Comparison c -> compare(c, readings);
            case AgeBelow age -> young(age, readings);
            case And(Condition left, Condition right) -> {
                ConditionTruth a = of(left, readings);
                ConditionTruth b = of(right, readings);
                yield a == UNKNOWN || b == UNKNOWN ? UNKNOWN : known(a == TRUE && b == TRUE);
            }
            case Or(Condition left, Condition right) -> {
                ConditionTruth a = of(left, readings);
                ConditionTruth b = of(right, readings);
                yield a == UNKNOWN || b == UNKNOWN ? UNKNOWN : known(a == TRUE || b == TRUE);
            }
            case Not(Condition inner) -> {
                ConditionTruth a = of(inner, readings);
                yield a == UNKNOWN ? UNKNOWN : known(a == FALSE);
            }
        };
    }

    static void collectSignals(Condition condition, Set<String> names) {
        switch (condition) {
            case Comparison(Operand left, Operator op, Operand right) -> {
                collect(left, names);
                collect(right, names);
            }
            case AgeBelow age -> names.add(age.signal());
            case And(Condition left, Condition right) -> {
                collectSignals(left, names);
                collectSignals(right, names);
            }
            case Or(Condition left, Condition right) -> {
                collectSignals(left, names);
                collectSignals(right, names);
            }
            case Not(Condition inner) -> collectSignals(inner, names);
        }
    }

    private static void collect(Operand operand, Set<String> names) {
        if (operand instanceof Operand.Signal signal) {
            names.add(signal.path());
        }
    }

    private static ConditionTruth known(boolean value) {
        return value ? TRUE : FALSE;
    }

    private static ConditionTruth young(AgeBelow age, Readings readings) {
        Optional<Reading> reading = readings.read(age.signal());
        if (reading.isEmpty() || reading.get().stale()) {
            return UNKNOWN;
        }
        long limit = age.millis() * 1_000_000;
        long actual = reading.get().ageNanos();
        return known(age.inclusive() ? actual <= limit : actual < limit);
    }

    private static ConditionTruth compare(Comparison comparison, Readings readings) {
        Optional<Literal> left = value(comparison.left(), readings);
        Optional<Literal> right = value(comparison.right(), readings);
        return left.isEmpty() || right.isEmpty() ? UNKNOWN : compare(left.get(), comparison.operator(), right.get());
    }

    private static Optional<Literal> value(Operand operand, Readings readings) {
        return switch (operand) {
            case Operand.Constant(Literal value) -> Optional.of(value);
            case Operand.Signal(String path) ->
                readings.read(path).filter(r -> !r.stale()).map(Reading::value);
        };
    }

    private static ConditionTruth compare(Literal left, Operator operator, Literal right) {
        if (left instanceof Literal.Numeric(double a) && right instanceof Literal.Numeric(double b)) {
            return Double.isNaN(a) || Double.isNaN(b)
                    ? UNKNOWN
                    : known(ordered(Double.compare(a + 0.0, b + 0.0), operator));
        }
        boolean sameType = left.getClass() == right.getClass();
        return switch (operator) {
            case EQUAL -> sameType ? known(left.equals(right)) : UNKNOWN;
            case NOT_EQUAL -> sameType ? known(!left.equals(right)) : UNKNOWN;
            case BELOW, AT_MOST, ABOVE, AT_LEAST -> UNKNOWN;
        };
    }

    private static boolean ordered(int order, Operator operator) {
        return switch (operator) {
            case EQUAL -> order == 0;
            case NOT_EQUAL -> order != 0;
            case BELOW -> order < 0;
            case AT_MOST -> order <= 0;
            case ABOVE -> order > 0;
            case AT_LEAST -> order >= 0;
        };
    }
}

package dev.bulkhead.hal.can.mapping;

import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;

/** A formula of one variable {@code x}, as {@code transform.math} writes it. Immutable; the same argument gives the same result. */
sealed interface Formula {
    double of(double x);

    /**
     * Reads a formula: {@code + - * / % ^}, brackets, numbers, {@code x}, {@code PI}, {@code E} and the usual functions.
     *
     * @throws IllegalArgumentException naming the column
     */
    static Formula parse(String text) {
        return new FormulaParser(text).parse();
    }

    /** The variable. */
    record Variable() implements Formula {
        @Override
        public double of(double x) {
            return x;
        }
    }

    /** A number. */
    record Constant(double value) implements Formula {
        @Override
        public double of(double x) {
            return value;
        }
    }

    /** A function of one formula. */
    record Unary(DoubleUnaryOperator function, Formula inner) implements Formula {
        @Override
        public double of(double x) {
            return function.applyAsDouble(inner.of(x));
        }
    }

    /** A function of two formulas. */
    record Binary(DoubleBinaryOperator function, Formula left, Formula right) implements Formula {
        @Override
        public double of(double x) {
            return function.applyAsDouble(left.of(x), right.of(x));
        }
    }
}

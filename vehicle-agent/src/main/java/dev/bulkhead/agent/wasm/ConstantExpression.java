package dev.bulkhead.agent.wasm;

import java.util.List;

/** A validated constant expression in postfix form; evaluated when an instance is made. */
public record ConstantExpression(ValType type, List<Step> steps) {
    public ConstantExpression {
        steps = List.copyOf(steps);
    }

    /** One step. Values are raw bits in a {@code long}; references are function indices, −1 for null. */
    public sealed interface Step {
        record Constant(long bits) implements Step {}

        record Vector(long low, long high) implements Step {}

        record GlobalGet(int global) implements Step {}

        record FunctionReference(int function) implements Step {}

        record Null() implements Step {}

        /** i32 or i64 arithmetic of the extended-constants proposal; {@code operator} is one of {@code + - *}. */
        record Arithmetic(ValType type, char operator) implements Step {}
    }

    public static ConstantExpression nullReference(ValType type) {
        return new ConstantExpression(type, List.of(new Step.Null()));
    }
}

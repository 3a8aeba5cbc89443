package dev.bulkhead.hal.can.mapping;

import dev.bulkhead.hal.can.mapping.Formula.Binary;
import dev.bulkhead.hal.can.mapping.Formula.Constant;
import dev.bulkhead.hal.can.mapping.Formula.Unary;
import dev.bulkhead.hal.can.mapping.Formula.Variable;
import java.util.Map;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;

/** Reads a formula by recursive descent; bounded in length and nesting. Used once. */
final class FormulaParser {
    private static final int MAX_LENGTH = 512;
    private static final int MAX_DEPTH = 32;
    private static final Map<String, DoubleUnaryOperator> UNARY = Map.ofEntries(
            Map.entry("floor", StrictMath::floor),
            Map.entry("ceil", StrictMath::ceil),
            Map.entry("round", v -> StrictMath.floor(v + 0.5)),
            Map.entry("trunc", v -> v < 0 ? StrictMath.ceil(v) : StrictMath.floor(v)),
            Map.entry("abs", StrictMath::abs),
            Map.entry("sqrt", StrictMath::sqrt),
            Map.entry("exp", StrictMath::exp),
            Map.entry("log", StrictMath::log),
            Map.entry("sin", StrictMath::sin),
            Map.entry("cos", StrictMath::cos),
            Map.entry("tan", StrictMath::tan),
            Map.entry("asin", StrictMath::asin),
            Map.entry("acos", StrictMath::acos),
            Map.entry("atan", StrictMath::atan));
    private static final Map<String, DoubleBinaryOperator> BINARY =
            Map.of("min", StrictMath::min, "max", StrictMath::max, "pow", StrictMath::pow, "atan2", StrictMath::atan2);

    private final String text;
    private int at;
    private int depth;

    FormulaParser(String text) {
        this.text = text;
    }

    Formula parse() {
        if (text.length() > MAX_LENGTH) {
            throw new IllegalArgumentException("formula of " + text.length() + " characters, at most " + MAX_LENGTH);
        }
        Formula formula = sum();
        if (peek() != 0) {
            throw wrong("the end");
        }
        return formula;
    }

    private Formula sum() {
        if (++depth > MAX_DEPTH) {
            throw wrong("at most " + MAX_DEPTH + " levels of brackets");
        }
        Formula left = product();
        while (peek() == '+' || peek() == '-') {
            DoubleBinaryOperator operator = take() == '+' ? Double::sum : (a, b) -> a - b;
            left = new Binary(operator, left, product());
        }
        depth--;
        return left;
    }

    private Formula product() {
        Formula left = signed();
        while (peek() == '*' || peek() == '/' || peek() == '%') {
            DoubleBinaryOperator operator = switch (take()) {
                case '*' -> (a, b) -> a * b;
                case '/' -> (a, b) -> a / b;
                default -> (a, b) -> a % b;
            };
            left = new Binary(operator, left, signed());
        }
        return left;
    }

    private Formula signed() {
        int signs = 0;
        while (peek() == '-' || peek() == '+') {
            signs ^= take() == '-' ? 1 : 0;
        }
        Formula power = power();
        return signs == 0 ? power : new Unary(v -> -v, power);
    }

    private Formula power() {
        Formula base = atom();
        if (peek() == '^') {
            take();
            if (++depth > MAX_DEPTH) {
                throw wrong("at most " + MAX_DEPTH + " levels of powers");
            }
            Formula exponent = signed();
            depth--;
            return new Binary(StrictMath::pow, base, exponent);
        }
        return base;
    }

    private Formula atom() {
        char c = peek();
        if (c == '(') {
            take();
            Formula inner = sum();
            expect(')');
            return inner;
        }
        if (Character.isDigit(c) || c == '.') {
            return number();
        }
        if (Character.isLetter(c)) {
            return named();
        }
        throw wrong("a number, x, a function or a bracket");
    }

    private Formula number() {
        int start = at;
        while (at < text.length() && isNumberPart(start)) {
            at++;
        }
        try {
            return new Constant(Double.parseDouble(text.substring(start, at)));
        } catch (NumberFormatException e) {
            at = start;
            throw wrong("a number");
        }
    }

    private boolean isNumberPart(int start) {
        char c = text.charAt(at);
        boolean exponentSign = (c == '-' || c == '+') && at > start && "eE".indexOf(text.charAt(at - 1)) >= 0;
        return Character.isDigit(c) || c == '.' || c == 'e' || c == 'E' || exponentSign;
    }

    private Formula named() {
        int start = at;
        while (at < text.length() && Character.isLetterOrDigit(text.charAt(at))) {
            at++;
        }
        String name = text.substring(start, at);
        DoubleUnaryOperator unary = UNARY.get(name);
        DoubleBinaryOperator binary = BINARY.get(name);
        if (unary != null) {
            expect('(');
            Formula inner = sum();
            expect(')');
            return new Unary(unary, inner);
        }
        if (binary != null) {
            expect('(');
            Formula left = sum();
            expect(',');
            Formula right = sum();
            expect(')');
            return new Binary(binary, left, right);
        }
        return switch (name) {
            case "x" -> new Variable();
            case "PI" -> new Constant(Math.PI);
            case "E" -> new Constant(Math.E);
            default -> {
                at = start;
                throw wrong("x or a function it knows (floor, ceil, round, abs, sqrt, min, max …)");
            }
        };
    }

    private char peek() {
        while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
            at++;
        }
        return at < text.length() ? text.charAt(at) : 0;
    }

    private char take() {
        char c = peek();
        at++;
        return c;
    }

    private void expect(char wanted) {
        if (peek() != wanted) {
            throw wrong("'" + wanted + "'");
        }
        at++;
    }

    private IllegalArgumentException wrong(String wanted) {
        return new IllegalArgumentException("'" + text + "' column " + (at + 1) + ": expected " + wanted);
    }
}

package dev.bulkhead.contract.capability;

import dev.bulkhead.contract.capability.Condition.AgeBelow;
import dev.bulkhead.contract.capability.Condition.Comparison;
import dev.bulkhead.contract.capability.Condition.Operand;
import dev.bulkhead.contract.capability.Condition.Operator;
import dev.bulkhead.contract.capability.ConditionTokens.Kind;
import dev.bulkhead.contract.capability.ConditionTokens.Token;
import dev.bulkhead.contract.notation.Decimal;
import java.util.List;
import java.util.Optional;

/** Recursive descent over {@link ConditionTokens}, bounded in length, terms and depth. Used once. */
final class ConditionParser {
    private static final int LONGEST = 512;
    private static final int MOST_TERMS = 64;
    private static final int DEEPEST = 16;
    private static final long LONGEST_AGE_MILLIS = 3_600_000;

    private final String text;
    private List<Token> tokens = List.of();
    private int next;
    private int depth;
    private int terms;

    ConditionParser(String text) {
        this.text = text;
    }

    Condition parse() {
        if (text.length() > LONGEST) {
            throw error(LONGEST + 1, "a condition has at most " + LONGEST + " characters");
        }
        tokens = ConditionTokens.of(text);
        Condition whole = or();
        if (peek().kind() != Kind.END) {
            throw error(peek().column(), "expected && or || before '" + peek().text() + "'");
        }
        return whole;
    }

    private Condition or() {
        Condition left = and();
        while (take("||")) {
            left = new Condition.Or(left, and());
        }
        return left;
    }

    private Condition and() {
        Condition left = unary();
        while (take("&&")) {
            left = new Condition.And(left, unary());
        }
        return left;
    }

    private Condition unary() {
        if (++depth > DEEPEST) {
            throw error(peek().column(), "a condition nests at most " + DEEPEST + " levels");
        }
        Condition result;
        if (take("!")) {
            result = new Condition.Not(unary());
        } else if (take("(")) {
            result = or();
            expect(")");
        } else {
            result = term();
        }
        depth--;
        return result;
    }

    private Condition term() {
        if (++terms > MOST_TERMS) {
            throw error(peek().column(), "a condition has at most " + MOST_TERMS + " terms");
        }
        Token first = peek();
        if (first.kind() == Kind.NAME
                && first.text().equals("age")
                && tokens.get(next + 1).text().equals("(")) {
            return age();
        }
        Operand left = operand();
        Operator operator = operator(first);
        Operand right = operand();
        if (left instanceof Operand.Constant && right instanceof Operand.Constant) {
            throw error(first.column(), "a comparison needs a signal on one side");
        }
        return new Comparison(left, operator, right);
    }

    private Condition age() {
        next++;
        expect("(");
        Token signal = advance();
        if (signal.kind() != Kind.NAME) {
            throw error(signal.column(), "age(…) takes a signal path");
        }
        expect(")");
        boolean inclusive = take("<=");
        if (!inclusive) {
            expect("<");
        }
        return new AgeBelow(signal.text(), millis(advance()), inclusive);
    }

    private long millis(Token token) {
        String digits = token.text().endsWith("ms")
                ? token.text().substring(0, token.text().length() - 2)
                : "";
        boolean whole = digits.matches("[0-9]{1,7}");
        long value = whole ? Long.parseLong(digits) : 0;
        if (token.kind() != Kind.NUMBER || value < 1 || value > LONGEST_AGE_MILLIS) {
            throw error(token.column(), "an age is compared with 1ms..3600000ms, as in age(Vehicle.Speed) < 500ms");
        }
        return value;
    }

    private Operand operand() {
        Token token = advance();
        return switch (token.kind()) {
            case NAME -> name(token);
            case STRING -> new Operand.Constant(new Literal.Text(token.text()));
            case NUMBER ->
                new Operand.Constant(new Literal.Numeric(Decimal.parse(token.text())
                        .orElseThrow(() -> error(token.column(), "'" + token.text() + "' is not a number"))));
            case SIGN, END -> throw error(token.column(), "expected a signal path or a value" + found(token));
        };
    }

    private static Operand name(Token token) {
        return switch (token.text()) {
            case "true" -> new Operand.Constant(new Literal.Bool(true));
            case "false" -> new Operand.Constant(new Literal.Bool(false));
            default -> new Operand.Signal(token.text());
        };
    }

    private Operator operator(Token left) {
        Token token = advance();
        for (Operator operator : Operator.values()) {
            if (token.kind() == Kind.SIGN && operator.toString().equals(token.text())) {
                return operator;
            }
        }
        String hint = left.kind() == Kind.NAME ? "; for a boolean signal write " + left.text() + " == true" : "";
        throw error(token.column(), "expected == != < <= > or >=" + found(token) + hint);
    }

    private void expect(String sign) {
        Token token = peek();
        if (!take(sign)) {
            throw error(token.column(), "expected " + sign + found(token));
        }
    }

    private boolean take(String sign) {
        boolean there = peek().kind() == Kind.SIGN && peek().text().equals(sign);
        next += there ? 1 : 0;
        return there;
    }

    private Token peek() {
        return tokens.get(next);
    }

    private Token advance() {
        Token token = tokens.get(next);
        next += token.kind() == Kind.END ? 0 : 1;
        return token;
    }

    private static String found(Token token) {
        return token.kind() == Kind.END ? ", found the end" : ", found '" + token.text() + "'";
    }

    private CapabilityException error(int column, String problem) {
        return new CapabilityException(text, column, problem, Optional.empty());
    }
}

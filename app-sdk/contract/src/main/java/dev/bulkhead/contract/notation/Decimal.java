package dev.bulkhead.contract.notation;

import java.math.BigDecimal;
import java.util.OptionalDouble;
import java.util.regex.Pattern;

/** Plain decimal numbers: {@code 20}, {@code -3.5}, {@code 1e3}; no hexadecimal, no NaN, no infinity. */
public final class Decimal {
    private static final Pattern FORM = Pattern.compile("-?[0-9]{1,18}(\\.[0-9]{1,18})?([eE][+-]?[0-9]{1,2})?");

    private Decimal() {}

    /** The number, always finite and never -0.0, or empty when the text is not one. */
    public static OptionalDouble parse(String text) {
        return FORM.matcher(text).matches()
                ? OptionalDouble.of(Double.parseDouble(text) + 0.0)
                : OptionalDouble.empty();
    }

    /** The shortest spelling that reads back as the same number, without exponent or needless {@code .0}. */
    public static String text(double value) {
        if (value == 0) {
            return "0";
        }
        BigDecimal exact = BigDecimal.valueOf(value).stripTrailingZeros();
        boolean small = exact.precision() - exact.scale() <= 18 && exact.scale() <= 18;
        return small ? exact.toPlainString() : exact.toString().replace("E+", "E");
    }
}

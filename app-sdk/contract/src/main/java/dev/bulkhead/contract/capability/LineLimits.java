package dev.bulkhead.contract.capability;

import dev.bulkhead.contract.capability.LineWords.Word;
import dev.bulkhead.contract.notation.Decimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** The limits at the end of a capability line: {@code key=value}, {@code key<=value}, flags, and {@code when "…"}. */
final class LineLimits {
    private record Value(String text, int column) {}

    private final LineWords words;
    private final Map<String, Value> values = new LinkedHashMap<>();
    private @Nullable Condition when;

    private LineLimits(LineWords words) {
        this.words = words;
    }

    /**
     * Reads the rest of the line.
     *
     * @param known each limit as it is written up to its value: {@code "rate<="}, {@code "range="}, {@code "fd"}, {@code "when"}
     */
    static LineLimits read(LineWords words, boolean deny, List<String> known) {
        LineLimits limits = new LineLimits(words);
        while (!words.done()) {
            Word word = words.take("a limit");
            if (deny) {
                throw words.error(word.column(), "a deny line takes no limits: it denies the whole of what it names");
            }
            limits.one(word, known);
        }
        return limits;
    }

    private void one(Word word, List<String> known) {
        int sign = word.text().indexOf('=');
        String key = sign < 0 ? word.text() : word.text().substring(0, sign + 1);
        String name = name(key);
        if (!known.contains(key)) {
            Optional<String> other =
                    known.stream().filter(k -> name(k).equals(name)).findFirst();
            if (other.isPresent()) {
                throw words.error(
                        word.column(),
                        "'" + name + "' is written " + other.get() + (name(key).equals("when") ? " \"…\"" : "…"));
            }
            throw words.unknown(
                    new Word(name, word.column(), false),
                    "limit",
                    known.stream().map(LineLimits::name).toList());
        }
        Value value = new Value(word.text().substring(key.length()), word.column() + key.length());
        if (values.putIfAbsent(name, value) != null) {
            throw words.error(word.column(), "'" + name + "' is given twice");
        }
        if (name.equals("when")) {
            when = condition(words.takeQuoted("a condition in double quotes after when"));
        }
    }

    private static String name(String key) {
        int end = 0;
        while (end < key.length() && Character.isLetterOrDigit(key.charAt(end))) {
            end++;
        }
        return end == 0 ? key : key.substring(0, end);
    }

    private Condition condition(Word quoted) {
        try {
            return Condition.parse(quoted.text());
        } catch (CapabilityException e) {
            throw words.error(quoted.column() + e.column(), e.problem());
        }
    }

    boolean flag(String name) {
        return values.containsKey(name);
    }

    Optional<Condition> when() {
        return Optional.ofNullable(when);
    }

    /** A number above 0 followed by a unit. */
    OptionalDouble positive(String name, String unit, double most) {
        Value value = values.get(name);
        if (value == null) {
            return OptionalDouble.empty();
        }
        OptionalDouble number = value.text().endsWith(unit)
                ? Decimal.parse(value.text().substring(0, value.text().length() - unit.length()))
                : OptionalDouble.empty();
        if (number.isEmpty() || !(number.getAsDouble() > 0 && number.getAsDouble() <= most)) {
            throw bad(name, value, "a number above 0 and at most " + Decimal.text(most) + " followed by " + unit);
        }
        return number;
    }

    OptionalLong millis(String name, String prefix) {
        Value value = values.get(name);
        if (value == null || !value.text().startsWith(prefix)) {
            return OptionalLong.empty();
        }
        String digits = value.text().endsWith("ms")
                ? value.text().substring(prefix.length(), value.text().length() - 2)
                : "";
        OptionalLong millis = whole(digits);
        if (millis.isEmpty() || millis.getAsLong() < 1 || millis.getAsLong() > SignalActuate.LONGEST_LEASE_MILLIS) {
            throw bad(name, value, prefix + "1ms.." + prefix + "3600000ms");
        }
        return millis;
    }

    OptionalInt between(String name, int least, int most) {
        Value value = values.get(name);
        if (value == null) {
            return OptionalInt.empty();
        }
        OptionalLong number = whole(value.text());
        if (number.isEmpty() || number.getAsLong() < least || number.getAsLong() > most) {
            throw bad(name, value, "a whole number " + least + ".." + most);
        }
        return OptionalInt.of((int) number.getAsLong());
    }

    Optional<ValueRange> range(String name) {
        Value value = values.get(name);
        if (value == null) {
            return Optional.empty();
        }
        int dots = value.text().indexOf("..");
        OptionalDouble low =
                dots < 0 ? OptionalDouble.empty() : Decimal.parse(value.text().substring(0, dots));
        OptionalDouble high =
                dots < 0 ? OptionalDouble.empty() : Decimal.parse(value.text().substring(dots + 2));
        if (low.isEmpty() || high.isEmpty() || low.getAsDouble() > high.getAsDouble()) {
            throw bad(name, value, "two numbers, the lower first, as in 16..28");
        }
        return Optional.of(new ValueRange(low.getAsDouble(), high.getAsDouble()));
    }

    Optional<PayloadLengths> lengths(String name, boolean fd) {
        Optional<ValueRange> range = range(name);
        Value value = values.get(name);
        if (range.isEmpty() || value == null) {
            return Optional.empty();
        }
        double low = range.get().low();
        double high = range.get().high();
        int most = fd ? 64 : 8;
        if (low < 0 || high > most || low != Math.rint(low) || high != Math.rint(high)) {
            throw bad(name, value, "whole numbers of bytes within 0.." + most + (fd ? "" : " (beyond 8 needs fd)"));
        }
        return Optional.of(new PayloadLengths((int) low, (int) high));
    }

    OptionalInt hex(String name, int most) {
        Value value = values.get(name);
        if (value == null) {
            return OptionalInt.empty();
        }
        if (!value.text().matches("[0-9A-Fa-f]{1,8}") || Long.parseLong(value.text(), 16) > most) {
            throw bad(name, value, String.format("hexadecimal, at most %X", most));
        }
        return OptionalInt.of(Integer.parseInt(value.text(), 16));
    }

    Optional<Failsafe> failsafe(String name) {
        Value value = values.get(name);
        if (value == null) {
            return Optional.empty();
        }
        if (value.text().equals("release")) {
            return Optional.of(new Failsafe.Release());
        }
        OptionalLong hold = millis(name, "hold:");
        return Optional.of(
                hold.isPresent() ? new Failsafe.Hold(hold.getAsLong()) : new Failsafe.Value(literal(name, value)));
    }

    private Literal literal(String name, Value value) {
        OptionalDouble number = Decimal.parse(value.text());
        if (number.isPresent()) {
            return new Literal.Numeric(number.getAsDouble());
        }
        if (value.text().equals("true") || value.text().equals("false")) {
            return new Literal.Bool(value.text().equals("true"));
        }
        if (value.text().matches("'[A-Za-z0-9_.-]{0,64}'")) {
            return new Literal.Text(value.text().substring(1, value.text().length() - 1));
        }
        throw bad(name, value, "release, hold:<n>ms, a number, true, false or 'text'");
    }

    private static OptionalLong whole(String digits) {
        return digits.matches("[0-9]{1,9}") ? OptionalLong.of(Long.parseLong(digits)) : OptionalLong.empty();
    }

    private CapabilityException bad(String name, Value value, String expected) {
        return words.error(value.column(), "'" + value.text() + "' is not a " + name + ": expected " + expected);
    }
}

package dev.bulkhead.contract.notation;

import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Time spans as {@code 500us}, {@code 20ms}, {@code 60s}, {@code 10m}, {@code 2h}. */
public final class TimeSpan {
    private static final Pattern FORM = Pattern.compile("([0-9]{1,9})(us|ms|s|m|h)");

    private TimeSpan() {}

    /** The span, or empty when the text is not one. */
    public static Optional<Duration> parse(String text) {
        Matcher form = FORM.matcher(text);
        if (!form.matches()) {
            return Optional.empty();
        }
        long number = Long.parseLong(form.group(1));
        return Optional.of(
                switch (form.group(2)) {
                    case "us" -> Duration.ofNanos(number * 1_000);
                    case "ms" -> Duration.ofMillis(number);
                    case "s" -> Duration.ofSeconds(number);
                    case "m" -> Duration.ofMinutes(number);
                    default -> Duration.ofHours(number);
                });
    }

    /** The shortest exact spelling, down to microseconds. */
    public static String text(Duration span) {
        long micros = span.toNanos() / 1_000;
        if (micros % 1_000 != 0) {
            return micros + "us";
        }
        long millis = micros / 1_000;
        if (millis == 0 || millis % 1_000 != 0) {
            return millis + "ms";
        }
        long seconds = millis / 1_000;
        if (seconds % 60 != 0) {
            return seconds + "s";
        }
        return seconds % 3_600 == 0 ? seconds / 3_600 + "h" : seconds / 60 + "m";
    }
}

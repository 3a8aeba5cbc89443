package dev.bulkhead.contract.manifest;

import dev.bulkhead.contract.manifest.Manifest.Budget;
import dev.bulkhead.contract.manifest.Manifest.OnExceed;
import dev.bulkhead.contract.notation.ByteSize;
import dev.bulkhead.contract.notation.TimeSpan;
import dev.bulkhead.contract.toml.TomlSection;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads {@code [budget]}, and the spans that other sections have too. */
final class BudgetReader {
    private static final Duration LEAST_CPU = Duration.ofNanos(100_000);
    private static final Pattern PER_SECOND = Pattern.compile("([0-9]{1,6})/s");

    private record Quota(Duration cpu, Duration period) {
        static final Quota STANDARD = new Quota(Duration.ofMillis(20), Duration.ofMillis(100));
    }

    private BudgetReader() {}

    static Budget read(TomlSection section) {
        Quota quota = section.read("cpu", BudgetReader::quota, "quota/period, such as 20ms/100ms")
                .orElse(Quota.STANDARD);
        return new Budget(
                quota.cpu(),
                quota.period(),
                span(section, "callback", LEAST_CPU, Duration.ofSeconds(60)).orElse(Duration.ofMillis(50)),
                size(section, "memory", 1L << 16, 1L << 30).orElse(4L << 20),
                section.integer("queue", 1, 65_536).orElse(1_024L).intValue(),
                size(section, "storage", 0, 1L << 30).orElse(256L << 10),
                section.read("log", BudgetReader::perSecond, "lines per second, 1/s..1000/s")
                        .orElse(20),
                section.choice("on-exceed", OnExceed.values()).orElse(OnExceed.THROTTLE));
    }

    private static Optional<Quota> quota(String text) {
        int slash = text.indexOf('/');
        Optional<Duration> cpu = slash < 0 ? Optional.empty() : TimeSpan.parse(text.substring(0, slash));
        Optional<Duration> period = slash < 0 ? Optional.empty() : TimeSpan.parse(text.substring(slash + 1));
        if (cpu.isEmpty() || period.isEmpty()) {
            return Optional.empty();
        }
        check(period.get(), "the period", Duration.ofMillis(1), Duration.ofSeconds(10));
        check(cpu.get(), "the quota", LEAST_CPU, period.get());
        return Optional.of(new Quota(cpu.get(), period.get()));
    }

    private static Optional<Integer> perSecond(String text) {
        Matcher form = PER_SECOND.matcher(text);
        return Optional.of(form)
                .filter(Matcher::matches)
                .map(m -> Integer.parseInt(m.group(1)))
                .filter(n -> n >= 1 && n <= 1_000);
    }

    private static Optional<Long> size(TomlSection section, String key, long least, long most) {
        return section.read(
                key,
                text -> {
                    OptionalLong bytes = ByteSize.parse(text);
                    boolean fits = bytes.isPresent() && bytes.getAsLong() >= least && bytes.getAsLong() <= most;
                    return fits ? Optional.of(bytes.getAsLong()) : Optional.empty();
                },
                "a size within " + ByteSize.text(least) + ".." + ByteSize.text(most) + ", such as 4MiB");
    }

    static Optional<Duration> span(TomlSection section, String key, Duration least, Duration most) {
        return section.read(
                key,
                text -> {
                    Optional<Duration> span = TimeSpan.parse(text);
                    span.ifPresent(s -> check(s, "the time", least, most));
                    return span;
                },
                "a time, such as 500us, 20ms, 60s, 10m or 2h");
    }

    private static void check(Duration span, String what, Duration least, Duration most) {
        if (span.compareTo(least) < 0 || span.compareTo(most) > 0) {
            throw new IllegalArgumentException(
                    what + " must be within " + TimeSpan.text(least) + ".." + TimeSpan.text(most));
        }
    }
}

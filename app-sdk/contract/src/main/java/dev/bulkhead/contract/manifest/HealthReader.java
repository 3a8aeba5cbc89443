package dev.bulkhead.contract.manifest;

import dev.bulkhead.contract.manifest.Manifest.Budget;
import dev.bulkhead.contract.manifest.Manifest.Health;
import dev.bulkhead.contract.manifest.Manifest.OnExceed;
import dev.bulkhead.contract.manifest.Manifest.Throttled;
import dev.bulkhead.contract.toml.TomlSection;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads {@code [health]}. */
final class HealthReader {
    private static final Duration LEAST_DEADLINE = Duration.ofMillis(100);
    private static final Duration MOST_DEADLINE = Duration.ofHours(1);
    private static final Duration GRACE = Duration.ofSeconds(10);
    private static final Pattern SHARE = Pattern.compile("([0-9]{1,4})/([0-9]{1,4})");

    private HealthReader() {}

    static Health read(TomlSection section, Budget budget) {
        return new Health(
                BudgetReader.span(section, "deadline", LEAST_DEADLINE, MOST_DEADLINE)
                        .orElseGet(() -> usualDeadline(budget)),
                section.read("throttled", HealthReader::share, "N/M, so many of so many periods, such as 50/100")
                        .or(() -> usualShare(budget)));
    }

    /** A callback that uses up its CPU limit is held back for as many periods as that takes. */
    private static Duration usualDeadline(Budget budget) {
        long periods = 1 + budget.callback().dividedBy(budget.cpuQuota());
        return GRACE.plus(budget.cpuPeriod().multipliedBy(periods));
    }

    private static Optional<Throttled> share(String text) {
        Matcher form = SHARE.matcher(text);
        return form.matches()
                ? Optional.of(new Throttled(Integer.parseInt(form.group(1)), Integer.parseInt(form.group(2))))
                : Optional.empty();
    }

    private static Optional<Throttled> usualShare(Budget budget) {
        return budget.onExceed() == OnExceed.DEGRADE ? Optional.of(new Throttled(100, 100)) : Optional.empty();
    }
}

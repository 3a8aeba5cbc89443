package dev.bulkhead.cli.audit;

import dev.bulkhead.cli.output.CommandFailure;
import dev.bulkhead.security.audit.TouchTable;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** {@code --from} and {@code --to}, to be mixed in: UTC, a day or a moment, counted in full hours. */
public final class TimeWindow {
    @Option(names = "--from", paramLabel = "TIME", description = "First hour, as 2026-11-22 or 2026-11-22T10:00:00Z.")
    private @Nullable String from;

    @Option(names = "--to", paramLabel = "TIME", description = "Last hour, in the same form; a day means its end.")
    private @Nullable String to;

    long fromMillis() {
        return from == null ? 0 : millis("--from", from, false);
    }

    long toMillis() {
        return to == null ? Long.MAX_VALUE : millis("--to", to, true);
    }

    /** Whether this is a part of the log's time, and nothing was used or denied in it: then nothing can be said of what was never used. */
    boolean isEmpty(TouchTable table) {
        return (from != null || to != null) && table.touches().isEmpty();
    }

    private static long millis(String option, String text, boolean endOfDay) {
        try {
            if (text.length() == "2026-11-22".length()) {
                LocalDate day = LocalDate.parse(text);
                Instant begin = day.plusDays(endOfDay ? 1 : 0)
                        .atStartOfDay(ZoneOffset.UTC)
                        .toInstant();
                return begin.toEpochMilli() - (endOfDay ? 1 : 0);
            }
            return Instant.parse(text).toEpochMilli();
        } catch (DateTimeException e) {
            throw CommandFailure.usage(
                    option + " '" + text + "' is neither a day (2026-11-22) nor a moment (2026-11-22T10:00:00Z)", "");
        }
    }
}

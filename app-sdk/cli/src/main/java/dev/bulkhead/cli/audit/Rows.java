package dev.bulkhead.cli.audit;

import dev.bulkhead.cli.output.Style;
import dev.bulkhead.cli.output.Table;
import dev.bulkhead.security.audit.EntryText;
import dev.bulkhead.security.audit.Tally;
import dev.bulkhead.security.audit.matrix.MatrixRow;
import java.util.List;
import java.util.Optional;

/** Rows of the matrix on a terminal. */
final class Rows {
    private Rows() {}

    static Table table(List<MatrixRow> rows) {
        Table table = new Table(
                "APP",
                "VERSION",
                "CAPABILITY",
                "DECLARED",
                ">USED",
                "LAST USE",
                "RANGE",
                ">LIMITED",
                ">DENIED",
                "NOTE");
        for (MatrixRow row : rows) {
            table.row(
                    row.app(),
                    row.version(),
                    row.capability(),
                    Table.styled(style(row.declared()), word(row.declared())),
                    count(row.used()),
                    row.used().map(Tally::lastMillis).map(Rows::time).orElse("never"),
                    row.used().map(Rows::range).orElse(""),
                    count(row.limited()),
                    Table.styled(row.denied().isPresent() ? Style.BAD : Style.PLAIN, count(row.denied())),
                    note(row));
        }
        return table;
    }

    private static Style style(MatrixRow.Declared declared) {
        return switch (declared) {
            case GRANTED -> Style.GOOD;
            case REFUSED, NOT_REQUESTED -> Style.WARN;
        };
    }

    private static String word(MatrixRow.Declared declared) {
        return switch (declared) {
            case GRANTED -> "granted";
            case REFUSED -> "refused";
            case NOT_REQUESTED -> "not requested";
        };
    }

    private static String count(Optional<Tally> tally) {
        return tally.map(t -> Long.toString(t.count())).orElse("–");
    }

    static String time(long millis) {
        return EntryText.time(millis);
    }

    private static String range(Tally tally) {
        return tally.least().isEmpty() || tally.greatest().isEmpty()
                ? ""
                : tally.least().getAsDouble() + ".." + tally.greatest().getAsDouble();
    }

    private static String note(MatrixRow row) {
        if (row.denied().isPresent()) {
            return row.touches().stream()
                    .map(touch -> touch.rule())
                    .filter(rule -> !rule.isEmpty())
                    .findFirst()
                    .orElse(row.rule());
        }
        return row.nearLimit().orElse(row.isOverPrivileged() ? "over-privileged: never used" : "");
    }
}

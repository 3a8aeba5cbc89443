package dev.bulkhead.security.audit.matrix;

import dev.bulkhead.security.audit.Tally;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The rows as CSV (RFC 4180) with a heading. Cells that a spreadsheet would take for a formula are preceded by an
 * apostrophe.
 */
public final class MatrixCsv {
    private static final List<String> HEADING = List.of(
            "app",
            "version",
            "vendor",
            "capability",
            "declared",
            "effective",
            "rule",
            "used",
            "first_ms",
            "last_ms",
            "least",
            "greatest",
            "peak_per_second",
            "limited",
            "denied",
            "failsafes",
            "over_privileged",
            "near_limit");

    private MatrixCsv() {}

    /** The document. */
    public static String of(AuditMatrix matrix) {
        var text = new StringBuilder(line(HEADING));
        matrix.rows().forEach(row -> text.append(line(cells(row))));
        return text.toString();
    }

    /** The document of a fleet, with the numbers of vehicles at the end of each line. */
    public static String of(FleetMatrix matrix) {
        var text = new StringBuilder(line(joined(HEADING, "vehicles", "granted_on", "used_on", "denied_on")));
        matrix.rows()
                .forEach(row -> text.append(line(joined(
                        cells(row.sum()),
                        Integer.toString(row.vehicles().size()),
                        Long.toString(row.grantedOn()),
                        Long.toString(row.usedOn()),
                        Long.toString(row.deniedOn())))));
        return text.toString();
    }

    private static List<String> joined(List<String> cells, String... more) {
        return Stream.concat(cells.stream(), Stream.of(more)).toList();
    }

    private static List<String> cells(MatrixRow row) {
        Optional<Tally> used = row.used();
        return List.of(
                row.app(),
                row.version(),
                row.vendor(),
                row.capability(),
                MatrixJson.word(row.declared()),
                String.join("; ", row.effective()),
                row.rule(),
                number(used, Tally::count),
                number(used, Tally::firstMillis),
                number(used, Tally::lastMillis),
                real(used.map(Tally::least)),
                real(used.map(Tally::greatest)),
                used.map(tally -> Double.toString(tally.peakPerSecond())).orElse(""),
                number(row.limited(), Tally::count),
                number(row.denied(), Tally::count),
                number(row.failsafes(), Tally::count),
                Boolean.toString(row.isOverPrivileged()),
                row.nearLimit().orElse(""));
    }

    private static String number(Optional<Tally> tally, ToLongFunction<Tally> field) {
        return tally.map(t -> Long.toString(field.applyAsLong(t))).orElse("");
    }

    private static String real(Optional<OptionalDouble> value) {
        return value.filter(OptionalDouble::isPresent)
                .map(v -> Double.toString(v.getAsDouble()))
                .orElse("");
    }

    private static String line(List<String> cells) {
        return cells.stream().map(MatrixCsv::quote).collect(Collectors.joining(",", "", "\r\n"));
    }

    private static String quote(String cell) {
        boolean negativeNumber = cell.matches("-[0-9.]+(E-?[0-9]+)?");
        String safe = !cell.isEmpty() && "=+-@\t".indexOf(cell.charAt(0)) >= 0 && !negativeNumber ? "'" + cell : cell;
        boolean plain = safe.chars().noneMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r');
        return plain ? safe : "\"" + safe.replace("\"", "\"\"") + "\"";
    }
}

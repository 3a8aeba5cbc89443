package dev.bulkhead.cli.bench;

import dev.bulkhead.cli.output.Output;
import dev.bulkhead.cli.output.Style;
import dev.bulkhead.cli.output.Table;
import java.util.List;
import java.util.Locale;

/** Prints figures beside their aims. */
final class Measurements {
    private Measurements() {}

    static void print(Output output, List<Measurement> measurements) {
        if (output.isJson()) {
            BenchRows.json(output, measurements.stream().map(Measurement::row).toList());
            return;
        }
        output.line(BenchRows.machine());
        Table table = new Table("measured", ">value", "unit", ">aim", "how");
        for (Measurement m : measurements) {
            String value = String.format(Locale.ROOT, m.value() >= 1000 ? "%,.0f" : "%.3f", m.value());
            String aim =
                    (m.more() ? "≥ " : "≤ ") + String.format(Locale.ROOT, m.aim() >= 1000 ? "%,.0f" : "%s", m.aim());
            table.row(m.name(), Table.styled(m.met() ? Style.GOOD : Style.BAD, value), m.unit(), aim, m.how());
        }
        output.table(table);
    }
}

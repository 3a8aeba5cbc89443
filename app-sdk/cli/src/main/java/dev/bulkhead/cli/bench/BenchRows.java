package dev.bulkhead.cli.bench;

import dev.bulkhead.cli.output.Output;
import dev.bulkhead.cli.output.Style;
import dev.bulkhead.cli.output.Table;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Prints figures of the sandbox with the machine they were measured on. */
final class BenchRows {
    private BenchRows() {}

    static void print(Output output, List<BenchRow> rows) {
        if (output.isJson()) {
            output.json(Map.of("machine", machine(), "rows", rows));
            return;
        }
        output.line(machine());
        Table table = new Table("measured", ">value", "unit", ">aim");
        for (BenchRow row : rows) {
            String value = String.format(Locale.ROOT, "%.3f", row.value());
            String aim = row.aim() == 0 ? "" : (row.more() ? "≥ " : "≤ ") + row.aim();
            table.row(row.name(), Table.styled(row.met() ? Style.GOOD : Style.BAD, value), row.unit(), aim);
        }
        output.table(table);
    }

    static String machine() {
        return Runtime.getRuntime().availableProcessors() + " processors, " + System.getProperty("os.arch") + ", Java "
                + Runtime.version();
    }

    static double median(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        return sorted.get(sorted.size() / 2);
    }
}

package dev.bulkhead.cli.bench;

import dev.bulkhead.cli.output.Output;
import dev.bulkhead.cli.output.Style;
import dev.bulkhead.cli.output.Table;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Prints figures with the machine they were measured on. */
final class BenchRows {
    private static final Path CPUS = Path.of("/proc/cpuinfo");

    private BenchRows() {}

    static void print(Output output, List<BenchRow> rows) {
        if (output.isJson()) {
            json(output, rows);
            return;
        }
        output.line(machine());
        Table table = new Table("measured", ">value", "unit", ">aim");
        for (BenchRow row : rows) {
            boolean missed = Boolean.FALSE.equals(row.met());
            Object value = Table.styled(missed ? Style.BAD : Style.GOOD, number(row.value()));
            String aim = row.aim() == null ? "" : (row.more() ? "≥ " : "≤ ") + row.aim();
            table.row(described(row), value, row.unit(), aim);
        }
        output.table(table);
    }

    /** The one form that all benchmarks have: {@code machine} and {@code rows}. */
    static void json(Output output, List<BenchRow> rows) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("machine", machine());
        document.put("rows", rows.stream().map(BenchRow::document).toList());
        output.json(document);
    }

    private static String number(@Nullable Double value) {
        return value == null ? "–" : String.format(Locale.ROOT, "%.3f", value);
    }

    private static String described(BenchRow row) {
        return row.missing().isEmpty() ? row.name() : row.name() + " (not measured: " + row.missing() + ")";
    }

    static String machine() {
        return cpu() + ", " + Runtime.getRuntime().availableProcessors() + " processors, "
                + System.getProperty("os.arch") + ", Java " + Runtime.version();
    }

    /** The processor's model as the kernel tells it, where it does. */
    private static String cpu() {
        try (Stream<String> lines = Files.lines(CPUS)) {
            return lines.filter(line -> line.startsWith("model name"))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst()
                    .orElse("unknown CPU");
        } catch (IOException | UncheckedIOException untold) {
            return "unknown CPU";
        }
    }

    static double median(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        return sorted.get(sorted.size() / 2);
    }
}

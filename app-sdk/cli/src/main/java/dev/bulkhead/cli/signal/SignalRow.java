package dev.bulkhead.cli.signal;

import dev.bulkhead.cli.output.Quantity;
import dev.bulkhead.cli.output.Style;
import dev.bulkhead.cli.output.Table;
import dev.bulkhead.contract.proto.SignalView;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One signal in {@code bulkhead signal … --json}.
 *
 * @param value as text, numbers in decimal; null when the vehicle has none
 * @param ageMs how old the value is; null when there is none
 * @param stale whether it is older than the signal allows
 */
record SignalRow(
        String path,
        @Nullable String value,
        String unit,
        @Nullable Long ageMs,
        boolean stale) {
    static SignalRow of(SignalView view) {
        boolean known = !view.getValue().isEmpty();
        return new SignalRow(
                view.getPath(),
                known ? view.getValue() : null,
                view.getUnit(),
                known ? view.getAgeMs() : null,
                view.getStale());
    }

    static Table table(List<SignalRow> rows) {
        Table table = new Table("SIGNAL", ">VALUE", "UNIT", ">AGE", "STATE");
        rows.forEach(row -> table.row(
                row.path(),
                row.value() == null ? "–" : row.value(),
                row.unit(),
                row.ageMs() == null ? "" : Quantity.millis(row.ageMs()),
                row.state()));
        return table;
    }

    private Object state() {
        if (value == null) {
            return Table.styled(Style.FAINT, "no value");
        }
        return stale ? Table.styled(Style.WARN, "stale") : Table.styled(Style.GOOD, "fresh");
    }
}

package dev.bulkhead.cli.bench;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One figure of a benchmark.
 *
 * @param value in {@code unit}; null where it was not measured
 * @param aim what the value should be at most, or at least; null for a figure that is only told
 * @param more whether more is better
 * @param missing what the measurement would have needed; empty where it was made
 */
record BenchRow(
        String name,
        @Nullable Double value,
        String unit,
        @Nullable Double aim,
        boolean more,
        String missing) {
    static BenchRow atMost(String name, double value, String unit, double aim) {
        return new BenchRow(name, value, unit, aim, false, "");
    }

    static BenchRow atLeast(String name, double value, String unit, double aim) {
        return new BenchRow(name, value, unit, aim, true, "");
    }

    static BenchRow plain(String name, double value, String unit) {
        return new BenchRow(name, value, unit, null, false, "");
    }

    /** In place of a figure with an aim, so that its absence is seen: such an aim is not met. */
    static BenchRow notMeasured(String name, String unit, double aim, String missing) {
        return new BenchRow(name, null, unit, aim, false, missing);
    }

    /** Null without an aim. */
    @Nullable
    Boolean met() {
        if (aim == null) {
            return null;
        }
        return value != null && (more ? value >= aim : value <= aim);
    }

    /** As {@code --json} gives it, {@code value}, {@code aim} and {@code met} null where there is none. */
    Map<String, @Nullable Object> document() {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("name", name);
        fields.put("value", value != null && Double.isFinite(value) ? value : null);
        fields.put("unit", unit);
        fields.put("aim", aim);
        fields.put("met", met());
        return fields;
    }
}

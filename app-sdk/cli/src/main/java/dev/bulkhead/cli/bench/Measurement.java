package dev.bulkhead.cli.bench;

/**
 * One figure beside its aim.
 *
 * @param name what was measured
 * @param value in {@code unit}
 * @param unit for instance {@code ops/s}, {@code ms}
 * @param aim what the value should be at least, or at most
 * @param more whether more is better
 * @param how one sentence on how it was measured
 */
public record Measurement(String name, double value, String unit, double aim, boolean more, String how) {
    boolean met() {
        return Boolean.TRUE.equals(row().met());
    }

    /** The same without how it was measured. */
    BenchRow row() {
        return new BenchRow(name, value, unit, aim, more, "");
    }
}

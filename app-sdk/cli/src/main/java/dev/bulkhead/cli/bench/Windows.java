package dev.bulkhead.cli.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Quantiles of delays window by window: a machine that stands still for a moment spoils one window and not the figure. */
final class Windows {
    private final List<Double> p99 = new ArrayList<>();

    /**
     * Cuts delays into windows and leaves the first out, in which code warms up.
     *
     * @param nanos in the order they came, at least two windows of them
     * @param size delays a window
     */
    static Windows of(long[] nanos, int size) {
        Windows windows = new Windows();
        for (int from = size; from + size <= nanos.length; from += size) {
            long[] window = Arrays.copyOfRange(nanos, from, from + size);
            Arrays.sort(window);
            windows.add(window[(int) (size * 0.99)] / 1e3);
        }
        return windows;
    }

    /** Another window's p99, in microseconds. */
    void add(double micros) {
        p99.add(micros);
    }

    /** The median window's p99 in microseconds; not a number without windows. */
    double median() {
        return p99.isEmpty() ? Double.NaN : BenchRows.median(p99);
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "%.0f µs in the median of %d half-seconds, %.0f in the worst",
                median(),
                p99.size(),
                p99.stream().mapToDouble(Double::doubleValue).max().orElse(Double.NaN));
    }
}

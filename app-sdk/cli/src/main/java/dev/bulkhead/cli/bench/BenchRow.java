package dev.bulkhead.cli.bench;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * One figure of the sandbox's benchmarks; {@code aim} is an upper bound unless {@code more} says that more is better, 0 for a figure without
 * an aim.
 */
record BenchRow(String name, double value, String unit, double aim, boolean more) {
    static BenchRow atMost(String name, double value, String unit, double aim) {
        return new BenchRow(name, value, unit, aim, false);
    }

    static BenchRow atLeast(String name, double value, String unit, double aim) {
        return new BenchRow(name, value, unit, aim, true);
    }

    static BenchRow plain(String name, double value, String unit) {
        return new BenchRow(name, value, unit, 0, false);
    }

    @JsonProperty("met")
    boolean met() {
        return aim == 0 || (more ? value >= aim : value <= aim);
    }
}

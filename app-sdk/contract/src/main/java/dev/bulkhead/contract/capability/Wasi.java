package dev.bulkhead.contract.capability;

import java.util.List;
import java.util.Locale;

/** One part of {@code wasi_snapshot_preview1}. */
public record Wasi(Part part) implements Capability {
    /** The parts that can be granted, each by itself. */
    public enum Part {
        STDIO,
        CLOCKS,
        RANDOM,
        SCRATCH,
        ASSETS;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    @Override
    public List<Capability> intersect(Capability authority) {
        return equals(authority) ? List.of(this) : List.of();
    }

    @Override
    public String toString() {
        return "wasi " + part;
    }
}

package dev.bulkhead.agent.sandbox;

import java.util.Locale;

/** The ways this program can compile a module; apps always run by the first. */
public enum EngineKind {
    /** The product's: metered, with a second version of each function for when the fuel runs out. */
    BULKHEAD,

    /** Metered and charged the same, one method a function: for comparison. */
    PLAIN,

    /** Not metered: for measurements, CPU limits do not hold. */
    UNMETERED;

    public CompilingEngine engine() {
        return switch (this) {
            case BULKHEAD -> CompilingEngine.metered();
            case PLAIN -> CompilingEngine.plain();
            case UNMETERED -> CompilingEngine.unmetered();
        };
    }

    /** As it is written on the command line. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}

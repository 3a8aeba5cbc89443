package dev.bulkhead.agent.codegen;

/** What the code of a module is written for. */
public enum CodeForm {
    /** The product's: a function that runs out of fuel is left for good and goes on in a second version, which calls its loops. */
    METERED,

    /** One method a function, which calls itself as it is written, gets more fuel in place and goes on: for comparison, charged exactly as {@link #METERED}. */
    PLAIN,

    /** As {@link #METERED} but without fuel: for measurements only, nothing can stop it. */
    UNMETERED
}

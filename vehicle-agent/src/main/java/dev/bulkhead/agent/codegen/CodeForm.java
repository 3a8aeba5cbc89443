package dev.bulkhead.agent.codegen;

/** What the code of a module is written for. */
public enum CodeForm {
    /** The product's: a function that runs out of fuel is left for good and goes on in a second version, which calls its loops. */
    METERED,

    /** Calls as they are written, one method a function, which gets more fuel in place: for comparison, charged exactly as {@link #METERED}. */
    PLAIN,

    /** Without fuel, and so without second versions: for measurements only, nothing can stop it. */
    UNMETERED
}

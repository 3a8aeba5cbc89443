package dev.bulkhead.contract.capability;

import java.util.Optional;

/** Where a condition finds signal values. */
@FunctionalInterface
public interface Readings {
    /** The newest value of a concrete path, or empty when there is none. */
    Optional<Reading> read(String path);

    /**
     * A value and its age.
     *
     * @param ageNanos time since it was measured, 0 or more
     * @param stale whether it is older than the signal's own age limit
     */
    record Reading(Literal value, long ageNanos, boolean stale) {}
}

package dev.bulkhead.agent.lifecycle;

import java.util.Objects;

/** One step of one order, as it is told to the fleet. */
public record UpdateReport(String assignment, ReleaseRef release, UpdateOutcome outcome) {
    public UpdateReport {
        Objects.requireNonNull(assignment, "assignment");
        Objects.requireNonNull(release, "release");
        Objects.requireNonNull(outcome, "outcome");
    }
}

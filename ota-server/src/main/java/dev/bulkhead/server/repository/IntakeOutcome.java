package dev.bulkhead.server.repository;

import dev.bulkhead.server.store.ReleaseRow;

/** What became of a package that was handed in. */
public sealed interface IntakeOutcome {
    /**
     * It is here, verified; it is published when the vendor's role names it. Handing in the same bytes again gives the
     * same answer.
     */
    record Taken(ReleaseRow release) implements IntakeOutcome {}

    /**
     * Nothing was kept.
     *
     * @param reason a stable word, such as {@code signature}, {@code prefix}, {@code downgrade}, {@code digest-mismatch}
     * @param detail for people: what, where, the limit, what to do
     */
    record Refused(String reason, String detail) implements IntakeOutcome {}
}

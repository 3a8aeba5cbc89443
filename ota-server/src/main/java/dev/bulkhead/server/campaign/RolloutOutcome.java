package dev.bulkhead.server.campaign;

/** What became of an order. */
public sealed interface RolloutOutcome {
    /** It has begun. Asking again with the same id gives the same answer. */
    record Begun(RolloutStatus status) implements RolloutOutcome {}

    /**
     * Nothing was changed.
     *
     * @param reason a stable word: {@code unknown-release}, {@code fallback}, {@code id-taken}, {@code no-vehicles}
     */
    record Refused(String reason, String detail) implements RolloutOutcome {}
}

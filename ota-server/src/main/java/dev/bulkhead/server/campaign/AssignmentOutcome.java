package dev.bulkhead.server.campaign;

import dev.bulkhead.server.store.AssignmentRow;

/** What became of an order. */
public sealed interface AssignmentOutcome {
    /** It stands. Asking again with the same id gives the same answer. */
    record Assigned(AssignmentRow assignment, int vehicles) implements AssignmentOutcome {}

    /** Nothing was changed. */
    record Refused(Reason reason, String detail) implements AssignmentOutcome {}

    /** Why an order is refused. */
    enum Reason {
        /** No such app or version has been published. */
        UNKNOWN_RELEASE("unknown-release"),
        /** A vehicle named is not known or is blocked. */
        UNKNOWN_VEHICLE("unknown-vehicle"),
        /** A vehicle has or should have a higher release already. */
        DOWNGRADE("downgrade"),
        /** The id stands for another order. */
        ID_TAKEN("id-taken");

        private final String word;

        Reason(String word) {
            this.word = word;
        }

        /** A stable word. */
        public String word() {
            return word;
        }
    }
}

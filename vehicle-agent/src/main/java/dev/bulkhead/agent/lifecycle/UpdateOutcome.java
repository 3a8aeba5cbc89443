package dev.bulkhead.agent.lifecycle;

import java.util.Objects;

/** Where an accepted release stands on its way to being proven. */
public sealed interface UpdateOutcome {
    /** Accepted, but the manifest's {@code update.when} does not hold yet, or an app it needs does not run; says which. */
    record Waiting(String condition) implements UpdateOutcome {
        public Waiting {
            Objects.requireNonNull(condition, "condition");
        }
    }

    /** Being admitted, compiled, started or swapped in. */
    record Activating() implements UpdateOutcome {}

    /** It runs; its health must hold until the monotonic time given. */
    record OnProbation(long untilNanos) implements UpdateOutcome {}

    /** Its health held. Success counts only from here (ota.md). */
    record Proven() implements UpdateOutcome {}

    /** It failed and the earlier release runs again. */
    record RolledBack(ReleaseRef to, String cause) implements UpdateOutcome {
        public RolledBack {
            Objects.requireNonNull(to, "to");
            Objects.requireNonNull(cause, "cause");
        }
    }

    /** It failed and there was nothing to return to. */
    record Failed(String cause) implements UpdateOutcome {
        public Failed {
            Objects.requireNonNull(cause, "cause");
        }
    }

    /** The app was removed, as ordered. */
    record Removed() implements UpdateOutcome {}

    /** True for an outcome after which no further report follows for the same order. */
    default boolean settled() {
        return switch (this) {
            case Waiting _, Activating _, OnProbation _ -> false;
            case Proven _, RolledBack _, Failed _, Removed _ -> true;
        };
    }
}

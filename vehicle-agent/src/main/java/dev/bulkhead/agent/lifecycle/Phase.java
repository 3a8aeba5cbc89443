package dev.bulkhead.agent.lifecycle;

import java.util.Objects;
import java.util.OptionalInt;

/** Where one app stands (sandbox.md "Lifecycle"). Times are monotonic nanoseconds. */
public sealed interface Phase {
    /** Stored and known, never started since the agent came up. */
    record Installed() implements Phase {}

    /** Being admitted, compiled, instantiated, or in {@code on_start}. */
    record Starting(int incarnation) implements Phase {}

    /** To run, as soon as the apps it needs do. */
    record Waiting(String reason) implements Phase {
        public Waiting {
            Objects.requireNonNull(reason, "reason");
        }
    }

    /** Receives events. {@code throttled} while its CPU account is empty. */
    record Running(int incarnation, long sinceNanos, boolean throttled) implements Phase {}

    /** Asked to end; {@code next} says what follows. */
    record Stopping(int incarnation, Next next) implements Phase {
        public Stopping {
            Objects.requireNonNull(next, "next");
        }
    }

    /** What follows a stop. */
    enum Next {
        STOPPED,
        RESTART,
        /** As RESTART, once the apps it needs are back. */
        WAIT,
        REPLACE,
        REMOVE,
        QUARANTINE,
        FALL_BACK
    }

    /** Not running because that is what was asked for, or because it ended by itself and may. */
    record Stopped() implements Phase {}

    /** Ended badly and its restart policy says to leave it. */
    record Failed(String cause) implements Phase {
        public Failed {
            Objects.requireNonNull(cause, "cause");
        }
    }

    /** Ended badly; starts again at {@code untilNanos}. {@code ticket} tells a stale wake-up from the right one. */
    record Backoff(long untilNanos, int ticket, String cause) implements Phase {
        public Backoff {
            Objects.requireNonNull(cause, "cause");
        }
    }

    /** Walled off until an operator releases it or a new release arrives. */
    record Quarantined(String reason) implements Phase {
        public Quarantined {
            Objects.requireNonNull(reason, "reason");
        }
    }

    /** Gone: a slot in this phase is forgotten. */
    record Removed() implements Phase {}

    /** The incarnation that occupies a strand in this phase, if one does. */
    default OptionalInt occupant() {
        return switch (this) {
            case Starting s -> OptionalInt.of(s.incarnation);
            case Running r -> OptionalInt.of(r.incarnation);
            case Stopping s -> OptionalInt.of(s.incarnation);
            case Installed _, Waiting _, Stopped _, Failed _, Backoff _, Quarantined _, Removed _ ->
                OptionalInt.empty();
        };
    }

    /** One stable upper-case word for tables and the audit log: {@code RUNNING}, {@code THROTTLED}, … */
    default String word() {
        return switch (this) {
            case Installed _ -> "INSTALLED";
            case Waiting _ -> "WAITING";
            case Starting _ -> "STARTING";
            case Running r -> r.throttled ? "THROTTLED" : "RUNNING";
            case Stopping _ -> "STOPPING";
            case Stopped _ -> "STOPPED";
            case Failed _ -> "FAILED";
            case Backoff _ -> "BACKOFF";
            case Quarantined _ -> "QUARANTINED";
            case Removed _ -> "REMOVED";
        };
    }
}

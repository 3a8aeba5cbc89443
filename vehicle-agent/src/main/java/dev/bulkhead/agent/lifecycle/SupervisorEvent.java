package dev.bulkhead.agent.lifecycle;

import java.util.Objects;

/** Everything that can move an app from one phase to another. Incarnation numbers tell stale news from fresh. */
public sealed interface SupervisorEvent {
    /** The agent came up and read its store. */
    record AgentStarted() implements SupervisorEvent {}

    /** A verified, stored edition is wanted. */
    record Desire(Edition edition, String order) implements SupervisorEvent {
        public Desire {
            Objects.requireNonNull(edition, "edition");
            Objects.requireNonNull(order, "order");
        }
    }

    /** As {@link Desire}, together with others: the new version waits for its cues. */
    record Enlist(Edition edition, String order, String ensemble) implements SupervisorEvent {
        public Enlist {
            Objects.requireNonNull(edition, "edition");
            Objects.requireNonNull(order, "order");
            Objects.requireNonNull(ensemble, "ensemble");
        }
    }

    /** What a member of an ensemble does next. One for an ensemble that is over, or for another app's, is ignored. */
    record Cue(String appId, String ensemble, Move move, String why) implements SupervisorEvent {
        public Cue {
            Objects.requireNonNull(appId, "appId");
            Objects.requireNonNull(ensemble, "ensemble");
            Objects.requireNonNull(move, "move");
            Objects.requireNonNull(why, "why");
        }
    }

    /** What the members of an ensemble do. */
    enum Move {
        /** Not yet; says what for. */
        WAIT,
        /** Instantiate beside the old version and shadow-run. */
        PREPARE,
        /** All are ready: from here on each goes over when it is its turn. */
        BRACE,
        /** Take the place of the old version. */
        CUT,
        /** All held through probation. */
        SETTLE,
        /** Something else was ordered, so that all go back; says what. */
        BREAK,
        /** Back to the old version; says why. */
        RETURN
    }

    /** The app shall be gone. */
    record Remove(String order) implements SupervisorEvent {
        public Remove {
            Objects.requireNonNull(order, "order");
        }
    }

    /** The candidate's {@code update.when} holds. */
    record GateOpened() implements SupervisorEvent {}

    /** An app that this one may depend on comes, goes or changes its version. */
    record NeighbourChanged() implements SupervisorEvent {}

    /** An operator asks. */
    record Operator(Verb verb, String who) implements SupervisorEvent {
        public Operator {
            Objects.requireNonNull(verb, "verb");
            Objects.requireNonNull(who, "who");
        }
    }

    /** What an operator can ask for. */
    enum Verb {
        START,
        STOP,
        RESTART,
        QUARANTINE,
        ROLLBACK
    }

    /** {@code on_start} returned well. */
    record Started(int incarnation) implements SupervisorEvent {}

    /** A trap, a kill, a refusal, a negative callback status or a missed deadline. */
    record Broke(int incarnation, String cause) implements SupervisorEvent {
        public Broke {
            Objects.requireNonNull(cause, "cause");
        }
    }

    /** The app called {@code exit}. */
    record Exited(int incarnation, int code) implements SupervisorEvent {}

    /** A stop that was asked for is complete. */
    record Ended(int incarnation) implements SupervisorEvent {}

    /** The CPU account ran empty, or has been refilled. */
    record Throttle(int incarnation, boolean on) implements SupervisorEvent {}

    /** The candidate restored its state and its shadow run went well. */
    record ShadowDone(int incarnation) implements SupervisorEvent {}

    /** The candidate took over at a message boundary; the old incarnation is frozen. */
    record CutOver(int incarnation) implements SupervisorEvent {}

    /** The time in {@link Phase.Backoff} is over. */
    record BackoffOver(int ticket) implements SupervisorEvent {}

    /** Health held for the whole of probation. */
    record ProbationOver(int incarnation) implements SupervisorEvent {}
}

package dev.bulkhead.agent.lifecycle;

import java.util.Locale;
import java.util.Objects;

/**
 * An app's part in an ensemble: several apps that change their versions as one, all or none.
 *
 * @param ensemble what the order calls the ensemble
 * @param before what was wished for before; {@code ABSENT} when the app was not here
 * @param state how far this member is
 * @param why what it waits for while {@code HELD} or {@code READY}; the cause once {@code BROKEN}
 */
public record Part(String ensemble, AppSlot.Wish before, State state, String why) {
    /** Most apps that can change as one. */
    public static final int MOST_MEMBERS = 16;

    /** How far one member is. */
    public enum State {
        /** The new version waits until all can begin. */
        HELD,
        /** Instantiated beside the old one: restores state and shadow-runs. */
        PREPARING,
        /** Runs in the shadow, or needs no preparation; waits for the others. */
        READY,
        /** All are ready; waits for its turn. */
        CUED,
        /** Its cut-over is under way. */
        TAKING,
        /** The new version runs, on probation. */
        OVER,
        /** Its health held; waits for the others. */
        STEADY,
        /** It failed, or was told to do something else: all go back. */
        BROKEN;

        /** As people and programs are told of it. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public Part {
        Objects.requireNonNull(ensemble, "ensemble");
        Objects.requireNonNull(before, "before");
        Objects.requireNonNull(state, "state");
        Objects.requireNonNull(why, "why");
    }

    Part at(State next) {
        return new Part(ensemble, before, next, "");
    }

    Part waitingFor(String what) {
        return new Part(ensemble, before, state, what);
    }

    Part broken(String cause) {
        return new Part(ensemble, before, State.BROKEN, cause);
    }
}

package dev.bulkhead.server.campaign;

import java.util.Locale;
import java.util.Optional;

/** Where one vehicle stands with one assignment. */
public enum ActionState {
    /** The director's metadata names it; the vehicle has not spoken yet. */
    ASSIGNED(false),
    DOWNLOADING(false),
    VERIFYING(false),
    /** For a condition on the vehicle, for example that it stands. */
    WAITING(false),
    INSTALLING(false),
    PROBATION(false),
    /** Its health held through probation. */
    SUCCEEDED(true),
    /** It failed and the earlier version runs again. */
    ROLLED_BACK(true),
    FAILED(true),
    /** Never installed: what came was not what was signed, or policy forbids it. */
    REFUSED(true),
    REMOVED(true),
    /** A newer assignment of the same app took its place. */
    SUPERSEDED(true);

    private final boolean last;

    ActionState(boolean last) {
        this.last = last;
    }

    /** Whether nothing more is expected, unless the vehicle tries again by itself. */
    public boolean isFinal() {
        return last;
    }

    /** The word in the database and in the API, for example {@code rolled-back}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The state of a word. */
    public static Optional<ActionState> ofWord(String word) {
        for (ActionState state : values()) {
            if (state.word().equals(word)) {
                return Optional.of(state);
            }
        }
        return Optional.empty();
    }

    /**
     * Whether a vehicle's word may move an action from here to there. The newest word counts, but a late copy of an old one
     * does not undo success, and a superseded action is closed.
     */
    public boolean mayBecome(ActionState next) {
        return switch (this) {
            case SUPERSEDED, REMOVED -> false;
            case SUCCEEDED -> next == ROLLED_BACK || next == FAILED || next == REMOVED;
            case ASSIGNED, DOWNLOADING, VERIFYING, WAITING, INSTALLING, PROBATION, ROLLED_BACK, FAILED, REFUSED ->
                next != ASSIGNED;
        };
    }
}

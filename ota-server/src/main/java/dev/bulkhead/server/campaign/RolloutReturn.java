package dev.bulkhead.server.campaign;

import dev.bulkhead.server.store.ActionRow;
import dev.bulkhead.server.store.AssignmentRow;
import dev.bulkhead.server.store.DesiredRow;
import dev.bulkhead.server.store.RolloutRow;
import dev.bulkhead.server.store.RolloutTable.Place;
import dev.bulkhead.server.store.Transaction;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/**
 * The way back. A vehicle that does not run the new release goes back to what it was to run before; one that does gets the
 * fallback, since a release counter never goes down on a vehicle; one in the middle of an update ends it first.
 */
final class RolloutReturn {
    private static final String FALLBACK_SUFFIX = "-fallback";

    private final Assignments assignments;
    private final InstantSource time;

    RolloutReturn(Assignments assignments, InstantSource time) {
        this.assignments = assignments;
        this.time = time;
    }

    /** Takes back who can be taken back now; true when anything changed. */
    boolean step(Transaction tx, RolloutRow row, List<String> woken) {
        AssignmentRow assignment = tx.assignments().find(row.id()).orElseThrow();
        int inTheMiddle = 0;
        int kept = 0;
        for (Place place : tx.rollouts().places(row.id())) {
            if (place.group() <= row.group() && isStillOurs(tx, assignment, place)) {
                switch (fate(tx, row, place)) {
                    case GOES_BACK -> {
                        assignments.withdraw(tx, assignment, place.vehicleId(), before(assignment, place));
                        woken.add(place.vehicleId());
                    }
                    case GETS_FALLBACK -> {
                        assignments.apply(tx, fallback(tx, row, assignment), place.vehicleId());
                        woken.add(place.vehicleId());
                    }
                    case KEEPS_IT -> kept++;
                    case WAITS -> inTheMiddle++;
                }
            }
        }
        if (inTheMiddle > 0) {
            return !woken.isEmpty();
        }
        return finish(tx, row, kept);
    }

    private enum Fate {
        GOES_BACK,
        GETS_FALLBACK,
        KEEPS_IT,
        WAITS
    }

    private static Fate fate(Transaction tx, RolloutRow row, Place place) {
        ActionState state = tx.assignments()
                .action(row.id(), place.vehicleId())
                .map(ActionRow::state)
                .flatMap(ActionState::ofWord)
                .orElse(ActionState.SUPERSEDED);
        return switch (state) {
            case ASSIGNED, DOWNLOADING, VERIFYING, FAILED, REFUSED, ROLLED_BACK -> Fate.GOES_BACK;
            case WAITING, INSTALLING, PROBATION -> Fate.WAITS;
            case SUCCEEDED -> row.fallback().isEmpty() ? Fate.KEEPS_IT : Fate.GETS_FALLBACK;
            case REMOVED, SUPERSEDED -> Fate.KEEPS_IT;
        };
    }

    private static boolean isStillOurs(Transaction tx, AssignmentRow assignment, Place place) {
        return tx.assignments().desired(place.vehicleId()).stream()
                .anyMatch(desired -> desired.assignmentId().equals(assignment.id()));
    }

    private static Optional<DesiredRow> before(AssignmentRow assignment, Place place) {
        return place.previousVersion().isEmpty()
                ? Optional.empty()
                : Optional.of(new DesiredRow(
                        place.vehicleId(), assignment.appId(), place.previousVersion(), place.previousAssignment()));
    }

    private AssignmentRow fallback(Transaction tx, RolloutRow row, AssignmentRow assignment) {
        String id = row.id() + FALLBACK_SUFFIX;
        return tx.assignments().find(id).orElseGet(() -> {
            AssignmentRow fallback = new AssignmentRow(id, assignment.appId(), row.fallback(), false, time.millis());
            tx.assignments().add(fallback);
            return fallback;
        });
    }

    private boolean finish(Transaction tx, RolloutRow row, int kept) {
        String detail = kept == 0
                ? row.detail()
                : row.detail() + "; " + kept + " vehicles keep the new release: publish the older code under a higher"
                        + " release and assign it";
        return tx.rollouts()
                .advance(new RolloutRow(
                        row.id(),
                        row.plan(),
                        row.fallback(),
                        RolloutPhase.ROLLED_BACK.word(),
                        row.group(),
                        time.millis(),
                        detail,
                        row.revision() + 1));
    }
}

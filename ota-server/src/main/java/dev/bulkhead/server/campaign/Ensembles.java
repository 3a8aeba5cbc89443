package dev.bulkhead.server.campaign;

import dev.bulkhead.server.store.AssignmentRow;
import dev.bulkhead.server.store.DesiredRow;
import dev.bulkhead.server.store.Transaction;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Assignments that vehicles take over as one: none of them is left to go alone. */
final class Ensembles {
    private Ensembles() {}

    /** An assignment and those that go with it. */
    static List<AssignmentRow> members(Transaction tx, AssignmentRow row) {
        return row.ensemble().isEmpty() ? List.of(row) : tx.assignments().ensemble(row.ensemble());
    }

    /** Those that go with it. */
    static List<AssignmentRow> companions(Transaction tx, AssignmentRow row) {
        return members(tx, row).stream()
                .filter(each -> !each.id().equals(row.id()))
                .toList();
    }

    /**
     * One assignment of a vehicle is replaced: those that went with it are taken off what the vehicle should run, unless they are with its
     * installer already, where they share their fate without the server.
     *
     * @param why for people
     */
    static void part(Transaction tx, DesiredRow replaced, String why, long now) {
        String vehicle = replaced.vehicleId();
        tx.assignments().find(replaced.assignmentId()).stream()
                .flatMap(row -> companions(tx, row).stream())
                .filter(other -> isDesired(tx, vehicle, other) && !isTakenOver(tx, vehicle, other.id()))
                .forEach(other -> {
                    tx.assignments()
                            .action(other.id(), vehicle)
                            .filter(action -> !ActionRules.isFinal(action))
                            .ifPresent(action -> tx.assignments()
                                    .advance(ActionRules.moved(action, ActionState.SUPERSEDED, "", why, now)));
                    tx.assignments().removeDesired(vehicle, other.appId());
                });
    }

    private static boolean isDesired(Transaction tx, String vehicle, AssignmentRow row) {
        return tx.assignments().desired(vehicle).stream()
                .anyMatch(desired -> desired.assignmentId().equals(row.id()));
    }

    private static boolean isTakenOver(Transaction tx, String vehicle, String assignment) {
        ActionState state = tx.assignments()
                .action(assignment, vehicle)
                .flatMap(action -> ActionState.ofWord(action.state()))
                .orElse(ActionState.SUPERSEDED);
        return switch (state) {
            case WAITING, INSTALLING, PROBATION, SUCCEEDED -> true;
            case ASSIGNED, DOWNLOADING, VERIFYING, ROLLED_BACK, FAILED, REFUSED, REMOVED, SUPERSEDED -> false;
        };
    }

    /** Whether a vehicle may be told to run this again: a member of an ensemble only when it has taken the ensemble over. */
    static boolean mayReturn(Transaction tx, DesiredRow desired) {
        Optional<AssignmentRow> row = tx.assignments().find(desired.assignmentId());
        return row.map(each -> each.ensemble().isEmpty()).orElse(true)
                || isTakenOver(tx, desired.vehicleId(), desired.assignmentId());
    }

    /** Of assignments that a vehicle could inherit, those that do not leave a companion's app as it is. */
    static List<AssignmentRow> inheritable(Transaction tx, List<AssignmentRow> fresh) {
        Set<String> apps = fresh.stream().map(AssignmentRow::appId).collect(Collectors.toSet());
        return fresh.stream()
                .filter(row -> members(tx, row).stream().allMatch(member -> apps.contains(member.appId())))
                .toList();
    }
}

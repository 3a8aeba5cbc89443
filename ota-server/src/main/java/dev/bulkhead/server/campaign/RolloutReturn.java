package dev.bulkhead.server.campaign;

import dev.bulkhead.server.store.ActionRow;
import dev.bulkhead.server.store.AssignmentRow;
import dev.bulkhead.server.store.DesiredRow;
import dev.bulkhead.server.store.ReleaseRow;
import dev.bulkhead.server.store.RolloutRow;
import dev.bulkhead.server.store.RolloutTable.Place;
import dev.bulkhead.server.store.Transaction;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

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
        List<AssignmentRow> members = Rollouts.members(tx, row.id());
        int inTheMiddle = 0;
        int kept = 0;
        for (Place place : tx.rollouts().places(row.id())) {
            List<AssignmentRow> ours = stillOurs(tx, members, place);
            if (place.group() <= row.group() && !ours.isEmpty()) {
                switch (fate(tx, row, ours, place)) {
                    case GOES_BACK -> {
                        assignments.withdraw(tx, ours, place.vehicleId(), before(tx, row, members, place));
                        woken.add(place.vehicleId());
                    }
                    case GETS_FALLBACK -> {
                        assignments.apply(tx, fallbacks(tx, row, members, ours), place.vehicleId());
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

    /** Of all its apps as one: while one is in the middle all wait, and once one runs the new release all get their fallbacks. */
    private static Fate fate(Transaction tx, RolloutRow row, List<AssignmentRow> ours, Place place) {
        Set<Fate> fates = EnumSet.noneOf(Fate.class);
        ours.forEach(member -> fates.add(fate(tx, row, member, place)));
        return Stream.of(Fate.WAITS, Fate.GETS_FALLBACK, Fate.KEEPS_IT)
                .filter(fates::contains)
                .findFirst()
                .orElse(Fate.GOES_BACK);
    }

    private static Fate fate(Transaction tx, RolloutRow row, AssignmentRow member, Place place) {
        ActionState state = tx.assignments()
                .action(member.id(), place.vehicleId())
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

    /** What the vehicle should still run for this rollout. */
    private static List<AssignmentRow> stillOurs(Transaction tx, List<AssignmentRow> members, Place place) {
        List<String> desired = tx.assignments().desired(place.vehicleId()).stream()
                .map(DesiredRow::assignmentId)
                .toList();
        return members.stream().filter(member -> desired.contains(member.id())).toList();
    }

    private static Map<String, DesiredRow> before(
            Transaction tx, RolloutRow row, List<AssignmentRow> members, Place place) {
        Map<String, DesiredRow> before = new HashMap<>();
        tx.rollouts()
                .before(row.id(), place.vehicleId())
                .forEach(companion -> before.put(companion.appId(), companion));
        if (!place.previousVersion().isEmpty()) {
            String app = members.getFirst().appId();
            before.put(
                    app, new DesiredRow(place.vehicleId(), app, place.previousVersion(), place.previousAssignment()));
        }
        return before;
    }

    /** Of the apps that the vehicle still runs for this rollout. */
    private List<AssignmentRow> fallbacks(
            Transaction tx, RolloutRow row, List<AssignmentRow> members, List<AssignmentRow> ours) {
        List<String> apps = ours.stream().map(AssignmentRow::appId).toList();
        return fallback(tx, row, members).stream()
                .filter(fallback -> apps.contains(fallback.appId()))
                .toList();
    }

    private List<AssignmentRow> fallback(Transaction tx, RolloutRow row, List<AssignmentRow> members) {
        String id = row.id() + FALLBACK_SUFFIX;
        if (tx.assignments().find(id).isPresent()) {
            return Rollouts.members(tx, id);
        }
        Map<String, String> companions = tx.rollouts().companions(row.id());
        List<ReleaseRow> releases = members.stream()
                .map(member -> tx.releases()
                        .find(member.appId(), companions.getOrDefault(member.appId(), row.fallback()))
                        .orElseThrow())
                .toList();
        List<AssignmentRow> fallback = assignments.together(id, releases);
        fallback.forEach(tx.assignments()::add);
        return fallback;
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

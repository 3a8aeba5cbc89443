package dev.bulkhead.server.campaign;

import dev.bulkhead.server.campaign.AssignmentOrder.Wanted;
import dev.bulkhead.server.campaign.AssignmentOutcome.Assigned;
import dev.bulkhead.server.campaign.AssignmentOutcome.Reason;
import dev.bulkhead.server.campaign.AssignmentOutcome.Refused;
import dev.bulkhead.server.store.ActionRow;
import dev.bulkhead.server.store.AssignmentRow;
import dev.bulkhead.server.store.Database;
import dev.bulkhead.server.store.DesiredRow;
import dev.bulkhead.server.store.ReleaseRow;
import dev.bulkhead.server.store.Transaction;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;

/**
 * Orders of the operator and what vehicles report about them. Each order is one transaction: rows, desired state and
 * signed metadata change together or not at all; vehicles are woken after the commit. Thread-safe.
 */
public final class Assignments {
    private final Database database;
    private final DesiredStateSigner signer;
    private final Waker waker;
    private final Changes changes;
    private final InstantSource time;
    private final RandomGenerator random;

    public Assignments(
            Database database,
            DesiredStateSigner signer,
            Waker waker,
            Changes changes,
            InstantSource time,
            RandomGenerator random) {
        this.database = database;
        this.signer = signer;
        this.waker = waker;
        this.changes = changes;
        this.time = time;
        this.random = random;
    }

    /** Assigns a release to vehicles. */
    public AssignmentOutcome assign(AssignmentOrder order) {
        String id = order.id().orElseGet(this::newId);
        AssignmentOutcome outcome = database.write(tx -> assign(tx, order, id));
        if (outcome instanceof Assigned assigned) {
            changes.signal();
            for (ActionRow action : actionsOf(assigned.assignment().id())) {
                waker.wake(action.vehicleId(), "assignment " + id);
            }
        }
        return outcome;
    }

    private AssignmentOutcome assign(Transaction tx, AssignmentOrder order, String id) {
        Optional<AssignmentRow> earlier = tx.assignments().find(id);
        if (earlier.isPresent()) {
            return again(tx, earlier.get(), order);
        }
        List<String> active = tx.vehicles().activeIds();
        List<String> vehicles = order.wholeFleet() ? active : order.vehicles();
        List<AssignmentRow> rows = new ArrayList<>();
        for (Wanted wanted : order.wanted()) {
            Optional<ReleaseRow> release = release(tx, wanted);
            if (release.isEmpty()) {
                return new Refused(Reason.UNKNOWN_RELEASE, unknownRelease(tx, wanted));
            }
            Optional<Refused> objection = AssignmentChecks.objection(tx, release.get(), vehicles, Set.copyOf(active));
            if (objection.isPresent()) {
                return objection.get();
            }
            rows.add(new AssignmentRow(
                    rows.isEmpty() ? id : newId(),
                    wanted.appId(),
                    release.get().version(),
                    order.wholeFleet(),
                    time.millis(),
                    order.wanted().size() > 1 ? id : ""));
        }
        rows.forEach(tx.assignments()::add);
        vehicles.forEach(vehicle -> apply(tx, rows, vehicle));
        return new Assigned(rows.getFirst(), vehicles.size());
    }

    private static Optional<ReleaseRow> release(Transaction tx, Wanted wanted) {
        return wanted.version()
                .map(version -> tx.releases().find(wanted.appId(), version).filter(ReleaseRow::published))
                .orElseGet(() -> tx.releases().newest(wanted.appId()));
    }

    private static AssignmentOutcome again(Transaction tx, AssignmentRow earlier, AssignmentOrder order) {
        List<AssignmentRow> members = Ensembles.members(tx, earlier);
        boolean same = earlier.appId().equals(order.wanted().getFirst().appId())
                && earlier.wholeFleet() == order.wholeFleet()
                && members.size() == order.wanted().size()
                && order.wanted().stream().allMatch(wanted -> members.stream().anyMatch(row -> isOf(row, wanted)));
        return same
                ? new Assigned(earlier, tx.assignments().actions(earlier.id()).size())
                : new Refused(
                        Reason.ID_TAKEN,
                        "assignment " + earlier.id() + " is of "
                                + members.stream()
                                        .map(row -> row.appId() + " " + row.version())
                                        .collect(Collectors.joining(" and "))
                                + "; leave the id out to get a new one");
    }

    private static boolean isOf(AssignmentRow row, Wanted wanted) {
        return row.appId().equals(wanted.appId())
                && wanted.version().map(row.version()::equals).orElse(true);
    }

    private static String unknownRelease(Transaction tx, Wanted wanted) {
        List<String> versions = tx.releases().list().stream()
                .filter(row -> row.appId().equals(wanted.appId()) && row.published())
                .map(ReleaseRow::version)
                .toList();
        return versions.isEmpty()
                ? "no release of " + wanted.appId() + " has been published; publish one first"
                : wanted.appId() + " has no published version "
                        + wanted.version().orElse("") + "; there is " + String.join(", ", versions);
    }

    /** Assignments of these releases that are taken over as one; the first has this id. Not stored yet. */
    List<AssignmentRow> together(String id, List<ReleaseRow> releases) {
        List<AssignmentRow> rows = new ArrayList<>();
        for (ReleaseRow release : releases) {
            rows.add(new AssignmentRow(
                    rows.isEmpty() ? id : newId(),
                    release.appId(),
                    release.version(),
                    false,
                    time.millis(),
                    releases.size() > 1 ? id : ""));
        }
        return rows;
    }

    /** Makes one vehicle's part of assignments true, under one signature: desired state, actions, signed metadata. */
    void apply(Transaction tx, List<AssignmentRow> assigned, String vehicleId) {
        assigned.forEach(assignment -> enter(tx, assignment, vehicleId));
        signer.sign(tx, vehicleId);
    }

    private void enter(Transaction tx, AssignmentRow assignment, String vehicleId) {
        long now = time.millis();
        supersede(tx, assignment, vehicleId, now);
        tx.assignments()
                .setDesired(new DesiredRow(vehicleId, assignment.appId(), assignment.version(), assignment.id()));
        tx.assignments()
                .addAction(new ActionRow(
                        assignment.id(),
                        vehicleId,
                        assignment.appId(),
                        assignment.version(),
                        ActionState.ASSIGNED.word(),
                        0,
                        0,
                        "",
                        "",
                        now,
                        0));
    }

    /**
     * Takes a vehicle out of assignments, under one signature: back to what it was to run before, if anything.
     *
     * @param before by app id
     */
    void withdraw(Transaction tx, List<AssignmentRow> assigned, String vehicleId, Map<String, DesiredRow> before) {
        assigned.forEach(assignment -> {
            tx.assignments()
                    .action(assignment.id(), vehicleId)
                    .filter(action -> !ActionRules.isFinal(action))
                    .ifPresent(action -> tx.assignments()
                            .advance(
                                    ActionRules.moved(action, ActionState.SUPERSEDED, "", "withdrawn", time.millis())));
            Optional.ofNullable(before.get(assignment.appId()))
                    .filter(desired -> Ensembles.mayReturn(tx, desired))
                    .ifPresentOrElse(
                            desired -> tx.assignments().setDesired(desired),
                            () -> tx.assignments().removeDesired(vehicleId, assignment.appId()));
        });
        signer.sign(tx, vehicleId);
    }

    /** Tells those who wait, and wakes vehicles whose desired state was changed in a transaction that has committed. */
    void announce(Iterable<String> vehicleIds, String reason) {
        changes.signal();
        vehicleIds.forEach(vehicle -> waker.wake(vehicle, reason));
    }

    private static void supersede(Transaction tx, AssignmentRow assignment, String vehicleId, long now) {
        for (DesiredRow desired : tx.assignments().desired(vehicleId)) {
            if (desired.appId().equals(assignment.appId())) {
                tx.assignments()
                        .action(desired.assignmentId(), vehicleId)
                        .filter(action -> !ActionRules.isFinal(action))
                        .ifPresent(action -> tx.assignments()
                                .advance(ActionRules.moved(
                                        action, ActionState.SUPERSEDED, "", "by assignment " + assignment.id(), now)));
                Ensembles.part(tx, desired, "with " + desired.appId() + ", by assignment " + assignment.id(), now);
            }
        }
    }

    /** Gives a vehicle that joined what the whole fleet was assigned before. True when anything was new to it. */
    public boolean inherit(Transaction tx, String vehicleId) {
        List<String> apps = tx.assignments().desired(vehicleId).stream()
                .map(DesiredRow::appId)
                .toList();
        List<AssignmentRow> fresh = tx.assignments().inherited().stream()
                .filter(assignment -> !apps.contains(assignment.appId()))
                .toList();
        List<AssignmentRow> inherited = Ensembles.inheritable(tx, fresh);
        if (inherited.isEmpty()) {
            return false;
        }
        apply(tx, inherited, vehicleId);
        return true;
    }

    /** Takes a vehicle's word on an assignment. False when there is no such action. */
    public boolean report(String vehicleId, ProgressReport report) {
        boolean known = database.write(tx -> tx.assignments()
                .action(report.assignmentId(), vehicleId)
                .map(action -> {
                    ActionRules.after(action, report, time.millis()).ifPresent(next -> keep(tx, action, next));
                    return true;
                })
                .orElse(false));
        changes.signal();
        return known;
    }

    /**
     * A vehicle did not believe the metadata that ordered what it should run: what it has not begun is refused there, until it
     * says otherwise.
     *
     * @param reason a stable word
     * @param detail for people: names the file
     */
    public void refused(String vehicleId, String reason, String detail) {
        database.write(tx -> {
            for (DesiredRow desired : tx.assignments().desired(vehicleId)) {
                tx.assignments()
                        .action(desired.assignmentId(), vehicleId)
                        .filter(action -> action.state().equals(ActionState.ASSIGNED.word()))
                        .ifPresent(action -> tx.assignments()
                                .advance(
                                        ActionRules.moved(action, ActionState.REFUSED, reason, detail, time.millis())));
            }
            return vehicleId;
        });
        changes.signal();
    }

    private static void keep(Transaction tx, ActionRow before, ActionRow after) {
        if (before.revision() == after.revision()) {
            tx.assignments().setTransferred(after);
        } else {
            tx.assignments().advance(after);
        }
    }

    /** An assignment and where its vehicles stand. */
    public Optional<AssignmentStatus> status(String id) {
        return database.read(tx -> tx.assignments().find(id).map(row -> status(tx, row)));
    }

    /** The newest assignments first. */
    public List<AssignmentStatus> newest(int limit) {
        return database.read(tx -> tx.assignments().newest(limit).stream()
                .map(row -> status(tx, row))
                .toList());
    }

    private static AssignmentStatus status(Transaction tx, AssignmentRow row) {
        return new AssignmentStatus(row, tx.assignments().actions(row.id()), Ensembles.companions(tx, row));
    }

    /** Changes of any assignment, for those who wait. */
    public Changes changes() {
        return changes;
    }

    private List<ActionRow> actionsOf(String id) {
        return database.read(tx -> tx.assignments().actions(id));
    }

    String newId() {
        return "a%011x%08x".formatted(time.millis(), random.nextInt());
    }
}

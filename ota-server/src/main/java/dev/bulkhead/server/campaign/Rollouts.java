package dev.bulkhead.server.campaign;

import dev.bulkhead.server.campaign.RolloutOrder.Member;
import dev.bulkhead.server.campaign.RolloutOutcome.Begun;
import dev.bulkhead.server.campaign.RolloutOutcome.Refused;
import dev.bulkhead.server.store.ActionRow;
import dev.bulkhead.server.store.AssignmentRow;
import dev.bulkhead.server.store.Database;
import dev.bulkhead.server.store.ReleaseRow;
import dev.bulkhead.server.store.RolloutRow;
import dev.bulkhead.server.store.RolloutTable.Place;
import dev.bulkhead.server.store.Transaction;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Releases that go out group after group, stop by themselves and take the fleet back (ota.md, Campaigns). A rollout is an
 * assignment, or several that are taken over as one, whose vehicles join in groups; each step is one transaction over what the database says, so any replica may take
 * it, and a killed server goes on where it was. Thread-safe.
 */
public final class Rollouts {
    private final Database database;
    private final Assignments assignments;
    private final RolloutReturn wayBack;
    private final InstantSource time;

    public Rollouts(Database database, Assignments assignments, InstantSource time) {
        this.database = database;
        this.assignments = assignments;
        this.wayBack = new RolloutReturn(assignments, time);
        this.time = time;
    }

    /** Begins a rollout: its first group is opened at once. */
    public RolloutOutcome begin(RolloutOrder order) {
        String id = order.id().orElseGet(assignments::newId);
        List<String> woken = new ArrayList<>();
        RolloutOutcome outcome = database.write(tx -> begin(tx, order, id, woken));
        assignments.announce(woken, "rollout " + id);
        return outcome;
    }

    private RolloutOutcome begin(Transaction tx, RolloutOrder order, String id, List<String> woken) {
        Optional<RolloutOutcome> settled = RolloutChecks.settled(tx, order, id);
        if (settled.isPresent()) {
            return settled.get();
        }
        List<ReleaseRow> releases = order.members().stream()
                .map(member -> RolloutChecks.release(tx, member).orElseThrow())
                .toList();
        List<Place> places = RolloutChecks.places(tx, releases, order.plan(), id);
        if (places.isEmpty()) {
            return new Refused(
                    "no-vehicles", "no vehicle matches the plan and has an older release of " + order.apps());
        }
        RolloutRow row = new RolloutRow(
                id,
                PlanText.write(order.plan()),
                order.members().getFirst().fallback().orElse(""),
                RolloutPhase.RUNNING.word(),
                0,
                time.millis(),
                "",
                0);
        List<AssignmentRow> rows = assignments.together(id, releases);
        rows.forEach(tx.assignments()::add);
        tx.rollouts().add(row, places);
        addCompanions(tx, id, order, places);
        open(tx, rows, places, 0, woken);
        return new Begun(status(tx, row));
    }

    private static void addCompanions(Transaction tx, String id, RolloutOrder order, List<Place> places) {
        for (Member member : order.members().subList(1, order.members().size())) {
            tx.rollouts().addCompanion(id, member.appId(), member.fallback().orElse(""));
            for (Place place : places) {
                RolloutChecks.desired(tx, member.appId(), place.vehicleId())
                        .ifPresent(before -> tx.rollouts().addBefore(id, before));
            }
        }
    }

    private void open(Transaction tx, List<AssignmentRow> rows, List<Place> places, int group, List<String> woken) {
        for (Place place : places) {
            if (place.group() == group) {
                assignments.apply(tx, rows, place.vehicleId());
                woken.add(place.vehicleId());
            }
        }
    }

    /** The assignments of a rollout, its first app's first. */
    static List<AssignmentRow> members(Transaction tx, String id) {
        AssignmentRow first = tx.assignments().find(id).orElseThrow();
        return Stream.concat(Stream.of(first), Ensembles.companions(tx, first).stream())
                .toList();
    }

    /** Takes the next step of every rollout that goes on by itself. Cheap when there is none. */
    public void advance() {
        List<RolloutRow> active = database.read(tx -> tx.rollouts().inPhases(RolloutPhase.activeWords()));
        for (RolloutRow row : active) {
            List<String> woken = new ArrayList<>();
            boolean changed = database.write(tx -> tx.rollouts()
                    .find(row.id())
                    .map(now -> step(tx, now, woken))
                    .orElse(false));
            if (changed) {
                assignments.announce(woken, "rollout " + row.id());
            }
        }
    }

    private boolean step(Transaction tx, RolloutRow row, List<String> woken) {
        RolloutPhase phase = RolloutPhase.ofWord(row.phase());
        if (phase == RolloutPhase.ROLLING_BACK) {
            return wayBack.step(tx, row, woken);
        }
        RolloutPlan plan = PlanText.parse(row.plan());
        List<RolloutTally> groups = tallies(tx, row, plan.groups().size());
        RolloutTally all =
                groups.subList(0, row.group() + 1).stream().reduce(new RolloutTally(0, 0, 0), RolloutTally::plus);
        Duration inPhase = Duration.ofMillis(time.millis() - row.since());
        return switch (RolloutRules.next(plan, phase, row.group(), inPhase, groups.get(row.group()), all)) {
            case RolloutStep.Stay _ -> false;
            case RolloutStep.Soak _ -> move(tx, row, RolloutPhase.SOAKING, row.group(), "");
            case RolloutStep.NextGroup _ -> nextGroup(tx, row, woken);
            case RolloutStep.Complete _ -> complete(tx, row, plan);
            case RolloutStep.Pause(String why) -> move(tx, row, RolloutPhase.PAUSED, row.group(), why);
            case RolloutStep.RollBack(String why) -> move(tx, row, RolloutPhase.ROLLING_BACK, row.group(), why);
        };
    }

    private boolean nextGroup(Transaction tx, RolloutRow row, List<String> woken) {
        open(tx, members(tx, row.id()), tx.rollouts().places(row.id()), row.group() + 1, woken);
        return move(tx, row, RolloutPhase.RUNNING, row.group() + 1, "");
    }

    private boolean complete(Transaction tx, RolloutRow row, RolloutPlan plan) {
        if (plan.coversFleet()) {
            members(tx, row.id()).forEach(member -> tx.assignments().setWholeFleet(member.id()));
        }
        return move(tx, row, RolloutPhase.COMPLETED, row.group(), "");
    }

    private boolean move(Transaction tx, RolloutRow row, RolloutPhase phase, int group, String detail) {
        return tx.rollouts()
                .advance(new RolloutRow(
                        row.id(),
                        row.plan(),
                        row.fallback(),
                        phase.word(),
                        group,
                        time.millis(),
                        detail,
                        row.revision() + 1));
    }

    /** Stops a rollout that goes on; empty when there is none of that id. */
    public Optional<RolloutStatus> pause(String id) {
        return operate(id, RolloutPhase.PAUSED, List.of(RolloutPhase.RUNNING, RolloutPhase.SOAKING));
    }

    /** Lets a paused rollout go on. */
    public Optional<RolloutStatus> resume(String id) {
        return operate(id, RolloutPhase.RUNNING, List.of(RolloutPhase.PAUSED));
    }

    /** Takes the fleet back. */
    public Optional<RolloutStatus> rollBack(String id) {
        return operate(
                id,
                RolloutPhase.ROLLING_BACK,
                List.of(RolloutPhase.RUNNING, RolloutPhase.SOAKING, RolloutPhase.PAUSED, RolloutPhase.COMPLETED));
    }

    private Optional<RolloutStatus> operate(String id, RolloutPhase to, List<RolloutPhase> from) {
        Optional<RolloutStatus> status = database.write(tx -> {
            tx.rollouts()
                    .find(id)
                    .filter(row -> from.contains(RolloutPhase.ofWord(row.phase())))
                    .ifPresent(row -> move(tx, row, to, row.group(), "by the operator"));
            return tx.rollouts().find(id).map(row -> status(tx, row));
        });
        assignments.changes().signal();
        return status;
    }

    /** Where a rollout stands. */
    public Optional<RolloutStatus> status(String id) {
        return database.read(tx -> tx.rollouts().find(id).map(row -> status(tx, row)));
    }

    /** The newest rollouts first. */
    public List<RolloutStatus> newest(int limit) {
        return database.read(tx ->
                tx.rollouts().newest(limit).stream().map(row -> status(tx, row)).toList());
    }

    static RolloutStatus status(Transaction tx, RolloutRow row) {
        AssignmentRow first = tx.assignments().find(row.id()).orElseThrow();
        return new RolloutStatus(
                first,
                Ensembles.companions(tx, first),
                tx.rollouts().companions(row.id()),
                row,
                RolloutPhase.ofWord(row.phase()),
                tallies(tx, row, PlanText.parse(row.plan()).groups().size()));
    }

    private static List<RolloutTally> tallies(Transaction tx, RolloutRow row, int groups) {
        Map<String, List<ActionRow>> actions = members(tx, row.id()).stream()
                .flatMap(member -> tx.assignments().actions(member.id()).stream())
                .collect(Collectors.groupingBy(ActionRow::vehicleId));
        List<RolloutTally> tallies = new ArrayList<>();
        List<Place> places = tx.rollouts().places(row.id());
        for (int i = 0; i < groups; i++) {
            int group = i;
            List<Place> members =
                    places.stream().filter(place -> place.group() == group).toList();
            tallies.add(
                    group > row.group()
                            ? new RolloutTally(members.size(), 0, 0)
                            : RolloutTally.of(members.stream()
                                    .map(place -> actions.getOrDefault(place.vehicleId(), List.of()))
                                    .toList()));
        }
        return tallies;
    }
}

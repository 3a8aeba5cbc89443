package dev.bulkhead.server.campaign;

import dev.bulkhead.server.campaign.RolloutOrder.Member;
import dev.bulkhead.server.campaign.RolloutOutcome.Begun;
import dev.bulkhead.server.campaign.RolloutOutcome.Refused;
import dev.bulkhead.server.store.DesiredRow;
import dev.bulkhead.server.store.ReleaseRow;
import dev.bulkhead.server.store.RolloutTable.Place;
import dev.bulkhead.server.store.Transaction;
import dev.bulkhead.server.store.VehicleRow;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** What speaks against a rollout, and which vehicles take part. */
final class RolloutChecks {
    private RolloutChecks() {}

    /** What is decided without looking at vehicles: begun already, or refused. */
    static Optional<RolloutOutcome> settled(Transaction tx, RolloutOrder order, String id) {
        if (tx.assignments().find(id).isPresent()) {
            Optional<RolloutOutcome> again = tx.rollouts()
                    .find(id)
                    .map(row -> Rollouts.status(tx, row))
                    .filter(status -> isOf(status, order))
                    .map(Begun::new);
            return Optional.of(again.orElseGet(
                    () -> new Refused("id-taken", "the id " + id + " stands for another order; leave it out")));
        }
        return order.members().stream()
                .flatMap(member -> objection(tx, member).stream())
                .findFirst();
    }

    private static boolean isOf(RolloutStatus status, RolloutOrder order) {
        Set<String> begun = new TreeSet<>();
        status.companions().forEach(row -> begun.add(row.appId()));
        begun.add(status.assignment().appId());
        Set<String> asked = new TreeSet<>();
        order.members().forEach(member -> asked.add(member.appId()));
        return status.assignment().appId().equals(order.members().getFirst().appId()) && begun.equals(asked);
    }

    private static Optional<RolloutOutcome> objection(Transaction tx, Member member) {
        Optional<ReleaseRow> release = release(tx, member);
        if (release.isEmpty()) {
            return Optional.of(new Refused(
                    "unknown-release",
                    "no published release "
                            + member.version().map(version -> version + " ").orElse("") + "of " + member.appId()));
        }
        return member.fallback().flatMap(version -> badFallback(tx, release.get(), version));
    }

    private static Optional<RolloutOutcome> badFallback(Transaction tx, ReleaseRow release, String version) {
        Optional<ReleaseRow> fallback =
                tx.releases().find(release.appId(), version).filter(ReleaseRow::published);
        if (fallback.isEmpty() || fallback.get().counter() <= release.counter()) {
            return Optional.of(new Refused(
                    "fallback",
                    "the fallback " + version + " must be a published release of " + release.appId()
                            + " with a counter above " + release.counter() + ": publish the older code under it"));
        }
        return Optional.empty();
    }

    static Optional<ReleaseRow> release(Transaction tx, Member member) {
        return member.version().isPresent()
                ? tx.releases().find(member.appId(), member.version().get()).filter(ReleaseRow::published)
                : tx.releases().newest(member.appId());
    }

    /**
     * The places of all vehicles that match the plan and would not be taken to a lower release of any app.
     *
     * @param releases the first is the one that places speak of
     */
    static List<Place> places(Transaction tx, List<ReleaseRow> releases, RolloutPlan plan, String id) {
        Map<String, Map<String, String>> eligible = new TreeMap<>();
        for (String vehicle : tx.vehicles().activeIds()) {
            Map<String, String> attributes =
                    tx.vehicles().find(vehicle).map(VehicleRow::attributes).orElse(Map.of());
            if (attributes.entrySet().containsAll(plan.filter().entrySet())
                    && releases.stream().allMatch(release -> rises(tx, release, vehicle))) {
                eligible.put(vehicle, attributes);
            }
        }
        List<Place> places = new ArrayList<>();
        RolloutGroups.sort(id, plan.groups(), eligible)
                .forEach((vehicle, group) ->
                        places.add(place(tx, releases.getFirst().appId(), vehicle, group)));
        return places;
    }

    private static boolean rises(Transaction tx, ReleaseRow release, String vehicle) {
        return AssignmentChecks.highestCounter(tx, release.appId(), vehicle) <= release.counter();
    }

    private static Place place(Transaction tx, String appId, String vehicle, int group) {
        Optional<DesiredRow> before = desired(tx, appId, vehicle);
        return new Place(
                vehicle,
                group,
                before.map(DesiredRow::version).orElse(""),
                before.map(DesiredRow::assignmentId).orElse(""));
    }

    static Optional<DesiredRow> desired(Transaction tx, String appId, String vehicle) {
        return tx.assignments().desired(vehicle).stream()
                .filter(desired -> desired.appId().equals(appId))
                .findFirst();
    }
}

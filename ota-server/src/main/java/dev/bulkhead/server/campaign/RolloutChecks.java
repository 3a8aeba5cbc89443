package dev.bulkhead.server.campaign;

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
import java.util.TreeMap;

/** What speaks against a rollout, and which vehicles take part. */
final class RolloutChecks {
    private RolloutChecks() {}

    /** What is decided without looking at vehicles: begun already, or refused. */
    static Optional<RolloutOutcome> settled(Transaction tx, RolloutOrder order, String id) {
        if (tx.assignments().find(id).isPresent()) {
            Optional<RolloutOutcome> again = tx.rollouts()
                    .find(id)
                    .map(row -> Rollouts.status(tx, row))
                    .filter(status -> status.assignment().appId().equals(order.appId()))
                    .map(Begun::new);
            return Optional.of(again.orElseGet(
                    () -> new Refused("id-taken", "the id " + id + " stands for another order; leave it out")));
        }
        Optional<ReleaseRow> release = release(tx, order);
        if (release.isEmpty()) {
            return Optional.of(new Refused(
                    "unknown-release", "no published release " + order.version().orElse("") + " of " + order.appId()));
        }
        return order.fallback().flatMap(version -> badFallback(tx, release.get(), version));
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

    static Optional<ReleaseRow> release(Transaction tx, RolloutOrder order) {
        return order.version().isPresent()
                ? tx.releases().find(order.appId(), order.version().get()).filter(ReleaseRow::published)
                : tx.releases().newest(order.appId());
    }

    /** The places of all vehicles that match the plan and would not be taken to a lower release. */
    static List<Place> places(Transaction tx, ReleaseRow release, RolloutPlan plan, String id) {
        Map<String, Map<String, String>> eligible = new TreeMap<>();
        for (String vehicle : tx.vehicles().activeIds()) {
            Map<String, String> attributes =
                    tx.vehicles().find(vehicle).map(VehicleRow::attributes).orElse(Map.of());
            if (attributes.entrySet().containsAll(plan.filter().entrySet())
                    && AssignmentChecks.highestCounter(tx, release.appId(), vehicle) <= release.counter()) {
                eligible.put(vehicle, attributes);
            }
        }
        List<Place> places = new ArrayList<>();
        RolloutGroups.sort(id, plan.groups(), eligible)
                .forEach((vehicle, group) -> places.add(place(tx, release.appId(), vehicle, group)));
        return places;
    }

    private static Place place(Transaction tx, String appId, String vehicle, int group) {
        Optional<DesiredRow> before = tx.assignments().desired(vehicle).stream()
                .filter(desired -> desired.appId().equals(appId))
                .findFirst();
        return new Place(
                vehicle,
                group,
                before.map(DesiredRow::version).orElse(""),
                before.map(DesiredRow::assignmentId).orElse(""));
    }
}

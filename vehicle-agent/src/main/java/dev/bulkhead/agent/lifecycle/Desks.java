package dev.bulkhead.agent.lifecycle;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The desks of all apps that are known, by app id. Used under the orchestrator's lock. */
final class Desks {
    private final Map<String, AppDesk> byId = new TreeMap<>();
    private final Map<String, AppSlot> slots = new TreeMap<>();
    private final Neighbourhood neighbours = new Neighbourhood(slots);

    Optional<AppDesk> find(String appId) {
        return Optional.ofNullable(byId.get(appId));
    }

    Collection<AppDesk> all() {
        return byId.values();
    }

    /** Every slot, by app id; a view. */
    Map<String, AppSlot> slots() {
        return java.util.Collections.unmodifiableMap(slots);
    }

    /** Puts a slot in place of what was known of the app; an app that is new gets a desk. */
    void keep(AppSlot slot) {
        slots.put(slot.appId(), slot);
        AppDesk desk = byId.get(slot.appId());
        if (desk == null) {
            byId.put(slot.appId(), new AppDesk(slot));
        } else {
            desk.slot(slot);
        }
    }

    void remove(String appId) {
        byId.remove(appId);
        slots.remove(appId);
    }

    /** The slots of an ensemble, each after those it depends on. */
    List<AppSlot> ensemble(String id) {
        return Ensemble.among(slots.values()).stream()
                .filter(ensemble -> ensemble.id().equals(id))
                .flatMap(ensemble -> ensemble.members().stream())
                .toList();
    }

    /** How the apps stand to each other. */
    Neighbourhood neighbours() {
        return neighbours;
    }

    /** True while a slot names the release in any role. */
    boolean names(String packageDigest) {
        return named().contains(packageDigest);
    }

    /** Digests of the packages that slots name in any role. */
    Set<String> named() {
        return slots.values().stream()
                .map(AppSlot::durable)
                .flatMap(Desks::named)
                .map(ReleaseRef::packageDigest)
                .collect(Collectors.toSet());
    }

    private static Stream<ReleaseRef> named(DurableSlot slot) {
        return Stream.concat(
                        Stream.of(slot.active(), slot.fallback(), slot.candidate()),
                        slot.deferred().stream().map(DurableSlot.Order::release))
                .flatMap(Optional::stream);
    }
}

package dev.bulkhead.agent.lifecycle;

import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The desks of all apps that are known, by app id. Used under the orchestrator's lock. */
final class Desks {
    private final Map<String, AppDesk> byId = new TreeMap<>();
    private final Neighbourhood neighbours = new Neighbourhood(byId);

    Optional<AppDesk> find(String appId) {
        return Optional.ofNullable(byId.get(appId));
    }

    Collection<AppDesk> all() {
        return byId.values();
    }

    void put(AppDesk desk) {
        byId.put(desk.slot().appId(), desk);
    }

    void remove(String appId) {
        byId.remove(appId);
    }

    /** How the apps stand to each other. */
    Neighbourhood neighbours() {
        return neighbours;
    }

    /** True while a slot names the release in any role. */
    boolean names(String packageDigest) {
        return all().stream()
                .map(desk -> desk.slot().durable())
                .flatMap(slot -> Stream.of(slot.active(), slot.fallback(), slot.candidate()))
                .flatMap(Optional::stream)
                .anyMatch(release -> release.packageDigest().equals(packageDigest));
    }
}

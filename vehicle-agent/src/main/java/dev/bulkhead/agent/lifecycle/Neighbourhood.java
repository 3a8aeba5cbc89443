package dev.bulkhead.agent.lifecycle;

import dev.bulkhead.contract.manifest.Dependency;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/** The apps of the vehicle as they stand to each other. Looks at the slots it was given, which may change meanwhile. */
final class Neighbourhood implements Surroundings {
    private final Map<String, AppSlot> slots;

    Neighbourhood(Map<String, AppSlot> slots) {
        this.slots = slots;
    }

    @Override
    public Optional<Standing> of(String appId) {
        return Optional.ofNullable(slots.get(appId)).flatMap(Neighbourhood::standing);
    }

    private static Optional<Standing> standing(AppSlot slot) {
        return slot.active()
                .map(active -> new Standing(
                        active.release().version(),
                        presence(slot.phase()),
                        slot.phase().word().toLowerCase(Locale.ROOT)));
    }

    private static Presence presence(Phase phase) {
        return switch (phase) {
            case Phase.Running _ -> Presence.UP;
            case Phase.Starting starting -> starting.incarnation() == 1 ? Presence.STARTING : Presence.HEALING;
            case Phase.Backoff _ -> Presence.HEALING;
            case Phase.Stopping stopping ->
                switch (stopping.next()) {
                    case RESTART, REPLACE, FALL_BACK -> Presence.HEALING;
                    case STOPPED, WAIT, REMOVE, QUARANTINE -> Presence.DOWN;
                };
            case Phase.Installed _,
                    Phase.Waiting _,
                    Phase.Stopped _,
                    Phase.Failed _,
                    Phase.Quarantined _,
                    Phase.Removed _ -> Presence.DOWN;
        };
    }

    /** Who depends on whom, by what runs or would run and what is on its way in. */
    DependencyGraph graph() {
        TreeMap<String, Set<String>> needs = new TreeMap<>();
        slots.forEach((appId, slot) -> {
            Set<String> named = new TreeSet<>();
            Stream.of(slot.active(), slot.candidate().map(AppSlot.Candidate::edition))
                    .flatMap(Optional::stream)
                    .forEach(edition -> named.addAll(named(edition)));
            needs.put(appId, named);
        });
        return new DependencyGraph(needs);
    }

    /** The circle that editions which come in together would close; empty when they close none. */
    Optional<List<String>> circle(List<Edition> editions) {
        DependencyGraph graph = graph();
        editions.forEach(edition -> graph.needs().put(edition.release().appId(), named(edition)));
        return editions.stream()
                .flatMap(edition -> graph.circleThrough(edition.release().appId()).stream())
                .findFirst();
    }

    private static Set<String> named(Edition edition) {
        Set<String> named = new TreeSet<>();
        for (Dependency need : edition.upkeep().needs()) {
            named.add(need.app().text());
        }
        return named;
    }
}

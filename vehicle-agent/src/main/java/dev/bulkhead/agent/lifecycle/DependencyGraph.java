package dev.bulkhead.agent.lifecycle;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;

/**
 * Which app names which other in its manifest, optional or not.
 *
 * @param needs by app id; ids that are not keys are apps that are not installed
 */
record DependencyGraph(SortedMap<String, Set<String>> needs) {
    /** Every app after those it depends on; apps in a circle come in any order. */
    List<String> providersFirst() {
        LinkedHashSet<String> ordered = new LinkedHashSet<>();
        needs.keySet().forEach(appId -> visit(appId, ordered, new HashSet<>()));
        return List.copyOf(ordered);
    }

    private void visit(String appId, LinkedHashSet<String> ordered, Set<String> entered) {
        if (needs.containsKey(appId) && !ordered.contains(appId) && entered.add(appId)) {
            needs.get(appId).forEach(provider -> visit(provider, ordered, entered));
            ordered.add(appId);
        }
    }

    /** The way from the app back to itself, both ends named; empty when it is in no circle. */
    Optional<List<String>> circleThrough(String appId) {
        return way(appId, appId, new ArrayList<>(List.of(appId)), new HashSet<>());
    }

    private Optional<List<String>> way(String from, String to, List<String> path, Set<String> tried) {
        for (String next : needs.getOrDefault(from, Set.of())) {
            path.add(next);
            if (next.equals(to)) {
                return Optional.of(List.copyOf(path));
            }
            Optional<List<String>> found = tried.add(next) ? way(next, to, path, tried) : Optional.empty();
            if (found.isPresent()) {
                return found;
            }
            path.removeLast();
        }
        return Optional.empty();
    }

    /** Those that name the app. */
    List<String> dependents(String appId) {
        List<String> found = new ArrayList<>();
        for (Map.Entry<String, Set<String>> entry : needs.entrySet()) {
            if (entry.getValue().contains(appId)) {
                found.add(entry.getKey());
            }
        }
        return found;
    }
}

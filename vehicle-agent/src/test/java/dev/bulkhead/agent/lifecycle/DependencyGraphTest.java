package dev.bulkhead.agent.lifecycle;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class DependencyGraphTest {
    private static DependencyGraph graph(Map<String, List<String>> needs) {
        TreeMap<String, Set<String>> sorted = new TreeMap<>();
        needs.forEach((app, named) -> sorted.put(app, new TreeSet<>(named)));
        return new DependencyGraph(sorted);
    }

    @Test
    void putsProvidersFirst() {
        var graph = graph(Map.of("a", List.of("c", "absent"), "b", List.of("a"), "c", List.of("d"), "d", List.of()));
        assertEquals(List.of("d", "c", "a", "b"), graph.providersFirst());
        assertEquals(List.of("b"), graph.dependents("a"));
    }

    @Test
    void findsTheShortWayRound() {
        var graph = graph(Map.of("a", List.of("b"), "b", List.of("c"), "c", List.of("a", "d"), "d", List.of("d")));
        assertEquals(Optional.of(List.of("a", "b", "c", "a")), graph.circleThrough("a"));
        assertEquals(Optional.of(List.of("d", "d")), graph.circleThrough("d"));
        assertEquals(
                Optional.empty(),
                graph(Map.of("a", List.of("b"), "b", List.of())).circleThrough("a"));
    }

    @Test
    void aCircleThatIsThereAllTheSameStopsNothing() {
        var graph = graph(Map.of("a", List.of("b"), "b", List.of("a"), "c", List.of("a")));
        assertEquals(3, graph.providersFirst().size());
        assertEquals("c", graph.providersFirst().getLast());
    }
}

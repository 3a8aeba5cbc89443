package dev.bulkhead.server.campaign;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * How a release goes out: group after group, and when it stops by itself (ota.md, Campaigns).
 *
 * @param filter attributes a vehicle must say of itself to take part; empty = all
 * @param groups in their order, 1 to 32
 * @param successPercent share of a group's vehicles that must have succeeded before the next group, 0 to 100
 * @param errorPercent share of the vehicles that have ended which may have failed; above it the rollout stops, 0 to 100
 * @param minimumSample vehicles that must have ended before the error share counts, at least 1
 * @param soak how long a group that has succeeded is watched before the next
 * @param onError what stopping means
 */
public record RolloutPlan(
        Map<String, String> filter,
        List<RolloutGroup> groups,
        int successPercent,
        int errorPercent,
        int minimumSample,
        Duration soak,
        OnError onError) {
    private static final int MOST_GROUPS = 32;

    /** What happens when too many fail. */
    public enum OnError {
        /** No further vehicle is updated until somebody says so. */
        PAUSE,
        /** The fleet goes back by itself. */
        ROLL_BACK
    }

    public RolloutPlan {
        filter = Map.copyOf(filter);
        groups = List.copyOf(groups);
        if (groups.isEmpty() || groups.size() > MOST_GROUPS) {
            throw new IllegalArgumentException("a rollout has 1 to " + MOST_GROUPS + " groups, not " + groups.size());
        }
        requirePercent("successPercent", successPercent);
        requirePercent("errorPercent", errorPercent);
        if (minimumSample < 1) {
            throw new IllegalArgumentException("minimumSample is " + minimumSample + ", wants at least 1");
        }
        if (soak.isNegative() || soak.compareTo(Duration.ofDays(365)) > 0) {
            throw new IllegalArgumentException("soak is " + soak + ", allowed are 0 s to 365 days");
        }
    }

    /** Whether its end means that every vehicle should run the release, also those that join later. */
    boolean coversFleet() {
        boolean takesTheRest = groups.stream()
                .anyMatch(group ->
                        group instanceof RolloutGroup.Matching(Map<String, String> wanted) && wanted.isEmpty());
        int shares = groups.stream()
                .mapToInt(group -> group instanceof RolloutGroup.Share(int percent) ? percent : 0)
                .sum();
        return filter.isEmpty() && (takesTheRest || shares >= 100);
    }

    private static void requirePercent(String name, int value) {
        if (value < 0 || value > 100) {
            throw new IllegalArgumentException(name + " is " + value + ", allowed are 0 to 100");
        }
    }
}

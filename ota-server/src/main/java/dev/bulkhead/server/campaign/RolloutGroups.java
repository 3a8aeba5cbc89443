package dev.bulkhead.server.campaign;

import dev.bulkhead.contract.pack.Digest;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Sorts vehicles into the groups of a rollout. Pure: the same rollout sorts the same way each time. */
final class RolloutGroups {
    private RolloutGroups() {}

    /**
     * The group index of each vehicle; a vehicle no group takes is left out.
     *
     * @param rolloutId stirs the chance, so that not the same vehicles go first each time
     * @param attributes of each vehicle by its id
     */
    static Map<String, Integer> sort(
            String rolloutId, List<RolloutGroup> groups, Map<String, Map<String, String>> attributes) {
        List<String> shuffled = attributes.keySet().stream()
                .sorted(Comparator.comparing((String vehicle) -> hash(rolloutId + "/" + vehicle)))
                .toList();
        Map<String, Integer> places = new LinkedHashMap<>();
        for (int index = 0; index < groups.size(); index++) {
            int room = room(groups.get(index), shuffled.size());
            for (String vehicle : shuffled) {
                if (room > 0 && !places.containsKey(vehicle) && takes(groups.get(index), attributes, vehicle)) {
                    places.put(vehicle, index);
                    room--;
                }
            }
        }
        return places;
    }

    private static int room(RolloutGroup group, int vehicles) {
        return switch (group) {
            case RolloutGroup.Share(int percent) -> (int) (((long) percent * vehicles + 99) / 100);
            case RolloutGroup.Matching _ -> vehicles;
        };
    }

    private static boolean takes(RolloutGroup group, Map<String, Map<String, String>> attributes, String vehicle) {
        return switch (group) {
            case RolloutGroup.Share _ -> true;
            case RolloutGroup.Matching(Map<String, String> wanted) ->
                attributes.getOrDefault(vehicle, Map.of()).entrySet().containsAll(wanted.entrySet());
        };
    }

    private static String hash(String text) {
        return Digest.of(text.getBytes(StandardCharsets.UTF_8)).hex();
    }
}

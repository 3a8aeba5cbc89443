package dev.bulkhead.security.tuf;

import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a new root would mean to the fleet.
 *
 * @param newVersion version of the root that would be signed
 * @param leftBehind vehicles that could not follow, with the reason
 */
public record RotationForecast(long newVersion, Map<String, String> leftBehind) {
    public RotationForecast {
        leftBehind = Collections.unmodifiableMap(new TreeMap<>(leftBehind));
    }

    /**
     * Lets every vehicle walk the chain of roots.
     *
     * @param roots all roots there would be, oldest first
     * @param rootVersions the version each vehicle holds
     */
    static RotationForecast of(List<RoleFile> roots, Map<String, Long> rootVersions, Instant now) {
        Map<Long, String> problems = new TreeMap<>();
        Map<String, String> leftBehind = new TreeMap<>();
        rootVersions.forEach((vehicle, version) -> {
            String problem = problems.computeIfAbsent(version, held -> walk(roots, held, now));
            if (!problem.isEmpty()) {
                leftBehind.put(vehicle, problem);
            }
        });
        return new RotationForecast(roots.size(), leftBehind);
    }

    private static String walk(List<RoleFile> roots, long held, Instant now) {
        if (held < 1 || held > roots.size()) {
            return "holds root " + held + ", which is not one of 1 to " + roots.size();
        }
        if (roots.size() - held > MetadataLimits.USUAL.rootRotations()) {
            return "holds root " + held + " and takes at most " + MetadataLimits.USUAL.rootRotations()
                    + " new roots at once";
        }
        try {
            TrustedMetadata vehicle =
                    new TrustedMetadata(roots.get((int) held - 1).content().toArray(), now);
            for (RoleFile root : roots.subList((int) held, roots.size())) {
                vehicle.updateRoot(root.content().toArray());
            }
            return "";
        } catch (MetadataRefusedException e) {
            return "would refuse " + e.file() + ": " + e.detail();
        }
    }
}

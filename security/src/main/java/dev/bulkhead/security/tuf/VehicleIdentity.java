package dev.bulkhead.security.tuf;

import java.util.Map;
import java.util.Set;

/**
 * What metadata is checked against on this vehicle.
 *
 * @param vehicleId the director's targets must name it
 * @param hardwareIds what packages may be made for
 * @param installedReleases release counter by app id; a target with a lower one is refused
 */
public record VehicleIdentity(String vehicleId, Set<String> hardwareIds, Map<String, Long> installedReleases) {
    public VehicleIdentity {
        hardwareIds = Set.copyOf(hardwareIds);
        installedReleases = Map.copyOf(installedReleases);
    }
}

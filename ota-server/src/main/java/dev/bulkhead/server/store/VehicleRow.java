package dev.bulkhead.server.store;

import java.util.Map;

/**
 * One vehicle.
 *
 * @param blocked whether it may not connect
 * @param online whether it is connected now, as far as known
 * @param firstSeen Unix time in ms
 * @param lastSeen Unix time in ms
 * @param agentVersion empty until its first hello
 * @param attributes what it said of itself
 * @param publicKey PEM of its certificate's key, which signs its version manifests; empty until it connected
 * @param auditKey verifier key of its audit log, pinned at first sight; empty until then
 * @param manifestAt when its last good version manifest came, Unix time in ms; 0 = never
 * @param directorRoot version of the director's root it believes; 0 = not known
 * @param imageRoot version of the image repository's root it believes; 0 = not known
 */
public record VehicleRow(
        String id,
        boolean blocked,
        boolean online,
        long firstSeen,
        long lastSeen,
        String agentVersion,
        Map<String, String> attributes,
        String publicKey,
        String auditKey,
        long manifestAt,
        long directorRoot,
        long imageRoot) {
    public VehicleRow {
        attributes = Map.copyOf(attributes);
    }
}

package dev.bulkhead.security.tuf;

import dev.bulkhead.security.keys.Signer;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The director repository: signs, for one vehicle at a time, what that vehicle should run now. Keeps no state; the
 * caller keeps a version counter per vehicle that only ever rises. Safe for use by several threads.
 */
public final class Director {
    private final Signer targetsSigner;
    private final Signer snapshotSigner;
    private final Signer timestampSigner;
    private final Lifetimes lifetimes;
    private final InstantSource time;

    /** @param lifetimes {@link Lifetimes#director()} counts for all three roles */
    public Director(
            Signer targetsSigner,
            Signer snapshotSigner,
            Signer timestampSigner,
            Lifetimes lifetimes,
            InstantSource time) {
        this.targetsSigner = targetsSigner;
        this.snapshotSigner = snapshotSigner;
        this.timestampSigner = timestampSigner;
        this.lifetimes = lifetimes;
        this.time = time;
    }

    /**
     * One thing the vehicle should run.
     *
     * @param target exactly as the image repository signs it
     * @param assignmentId the fleet's name for this order; comes back in progress reports
     * @param ensembleId the same for all orders that the vehicle must take over as one, all or none; empty for one that stands alone
     */
    public record Order(TargetFile target, String assignmentId, Optional<String> ensembleId) {
        /** An order that stands alone. */
        public Order(TargetFile target, String assignmentId) {
            this(target, assignmentId, Optional.empty());
        }
    }

    /**
     * Signs timestamp, snapshot and targets for a vehicle, all of this version.
     *
     * @param version higher than in every earlier call for this vehicle
     * @param orders complete list; empty means nothing is wanted
     */
    public List<RoleFile> sign(String vehicleId, long version, List<Order> orders) {
        Instant expires = RoleSigning.expiry(time.instant(), lifetimes.director());
        Map<String, TargetFile> targets = new TreeMap<>();
        for (Order order : orders) {
            targets.put(order.target().path(), DirectorCustom.mark(order));
        }
        byte[] targetsFile = RoleSigning.sign(
                new Targets(
                        version,
                        expires,
                        targets,
                        Optional.empty(),
                        Optional.of(DirectorCustom.forVehicle(vehicleId, time.instant()))),
                List.of(targetsSigner));
        byte[] snapshotFile = RoleSigning.sign(
                new Snapshot(version, expires, Map.of("targets.json", FileMeta.of(version, targetsFile))),
                List.of(snapshotSigner));
        byte[] timestampFile = RoleSigning.sign(
                new Timestamp(version, expires, FileMeta.of(version, snapshotFile)), List.of(timestampSigner));
        return List.of(
                RoleFile.of(RoleNames.file(RoleNames.TIMESTAMP), timestampFile),
                RoleFile.of(RoleNames.file(version, RoleNames.SNAPSHOT), snapshotFile),
                RoleFile.of(RoleNames.file(version, RoleNames.TARGETS), targetsFile));
    }
}

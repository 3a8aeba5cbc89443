package dev.bulkhead.server.repository;

import dev.bulkhead.security.tuf.Director;
import dev.bulkhead.security.tuf.Lifetimes;
import dev.bulkhead.security.tuf.MetadataReader;
import dev.bulkhead.security.tuf.Repository;
import dev.bulkhead.security.tuf.RoleFile;
import dev.bulkhead.security.tuf.RoleNames;
import dev.bulkhead.security.tuf.Timestamp;
import dev.bulkhead.server.store.DesiredRow;
import dev.bulkhead.server.store.ReleaseRow;
import dev.bulkhead.server.store.Transaction;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The director: for each vehicle its own targets, snapshot and timestamp under one shared root, signed here from the
 * desired state (ota.md, Trust metadata). Works inside the caller's transaction. Thread-safe.
 */
public final class DirectorRepository {
    private static final String SHARED = "director";

    private final OnlineKeys keys;
    private final Director director;
    private final Lifetimes lifetimes;
    private final InstantSource time;

    public DirectorRepository(OnlineKeys keys, Lifetimes lifetimes, InstantSource time) {
        this.keys = keys;
        this.director = new Director(
                keys.directorTargets(), keys.directorSnapshot(), keys.directorTimestamp(), lifetimes, time);
        this.lifetimes = lifetimes;
        this.time = time;
    }

    private static String scope(String vehicleId) {
        return SHARED + "/" + vehicleId;
    }

    private Repository roots(Transaction tx) {
        return new Repository(
                new TableMetadataStore(tx, SHARED), keys.directorSnapshot(), keys.directorTimestamp(), lifetimes, time);
    }

    /** Takes in the roots the OEM signed; what is here already is skipped. */
    public void takeIn(Transaction tx, OfflineMetadata offline) {
        Repository shared = roots(tx);
        offline.directorRoots().forEach(root -> shared.putRoot(root.content().toArray()));
    }

    /** Signs what a vehicle should run now. */
    public void sign(Transaction tx, String vehicleId) {
        List<Director.Order> orders = new ArrayList<>();
        Map<String, String> together = tx.assignments().together(vehicleId);
        for (DesiredRow desired : tx.assignments().desired(vehicleId)) {
            tx.releases()
                    .find(desired.appId(), desired.version())
                    .filter(ReleaseRow::published)
                    .map(release -> new Director.Order(
                            ReleaseTargets.of(release),
                            desired.assignmentId(),
                            Optional.ofNullable(together.get(desired.assignmentId()))))
                    .ifPresent(orders::add);
        }
        long version = timestamp(tx, vehicleId).map(Timestamp::version).orElse(0L) + 1;
        List<RoleFile> files = director.sign(vehicleId, version, orders);
        tx.metadata().removeAll(scope(vehicleId));
        files.forEach(file ->
                tx.metadata().put(scope(vehicleId), file.name(), file.content().toArray()));
    }

    /** Signs for a vehicle when nothing was yet, or less than half of its life is left. */
    public void freshen(Transaction tx, String vehicleId) {
        boolean stale = timestamp(tx, vehicleId)
                .map(timestamp ->
                        time.instant().plus(lifetimes.director().dividedBy(2)).isAfter(timestamp.expires()))
                .orElse(true);
        if (stale) {
            sign(tx, vehicleId);
        }
    }

    private static Optional<Timestamp> timestamp(Transaction tx, String vehicleId) {
        String file = RoleNames.file(RoleNames.TIMESTAMP);
        return tx.metadata()
                .find(scope(vehicleId), file)
                .map(content ->
                        MetadataReader.read(file, content, Timestamp.class).signed());
    }

    /** What a vehicle that holds this root needs. */
    List<RoleFile> filesFor(Transaction tx, String vehicleId, long heldRoot) {
        List<RoleFile> files = new ArrayList<>(roots(tx).rootsAfter(heldRoot));
        for (String name : tx.metadata().names(scope(vehicleId))) {
            tx.metadata().find(scope(vehicleId), name).ifPresent(content -> files.add(RoleFile.of(name, content)));
        }
        return files;
    }

    /** A vehicle's file by the name clients fetch it by; roots are the same for all. */
    public Optional<byte[]> file(Transaction tx, String vehicleId, String name) {
        return tx.metadata().find(scope(vehicleId), name).or(() -> tx.metadata().find(SHARED, name));
    }
}

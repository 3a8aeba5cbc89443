package dev.bulkhead.server.repository;

import dev.bulkhead.security.tuf.MetadataReader;
import dev.bulkhead.security.tuf.MetadataRefusedException;
import dev.bulkhead.security.tuf.Refusal;
import dev.bulkhead.security.tuf.RoleNames;
import dev.bulkhead.security.tuf.TargetFile;
import dev.bulkhead.security.tuf.Targets;
import dev.bulkhead.security.tuf.VendorRole;
import dev.bulkhead.server.store.Database;
import dev.bulkhead.server.store.ReleaseRow;
import dev.bulkhead.server.store.Transaction;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Publishes metadata that others signed. A vendor signs its own role and so decides what of its packages exists; this side
 * checks that every target named is a package it holds, word for word. Thread-safe.
 */
public final class Publication {
    private final Database database;
    private final ImageRepository image;
    private final OfflineMetadata offline;
    private final Consumer<byte[]> timestampChanged;

    /**
     * @param offline looked at again when a vendor is not known yet
     * @param timestampChanged gets the new timestamp file after each publication
     */
    public Publication(
            Database database, ImageRepository image, OfflineMetadata offline, Consumer<byte[]> timestampChanged) {
        this.database = database;
        this.image = image;
        this.offline = offline;
        this.timestampChanged = timestampChanged;
    }

    /** Takes in what lies in the OEM's folder by now. */
    public void takeInOffline() {
        if (database.write(tx -> image.takeIn(tx, offline))) {
            announce();
        }
    }

    /**
     * Takes a role's metadata and publishes it.
     *
     * @param role {@code root}, {@code targets} or a vendor's role
     * @return the releases that were published by it for the first time
     * @throws MetadataRefusedException when a vehicle would not believe it, or it names a package that is not here
     */
    public List<ReleaseRow> publish(String role, byte[] content) {
        if (role.startsWith(VendorRole.roleName(""))) {
            takeInOffline();
        }
        List<ReleaseRow> published = database.write(tx -> {
            image.accept(tx, role, content);
            return RoleNames.ROOT.equals(role) || RoleNames.TARGETS.equals(role) ? List.of() : match(tx, role, content);
        });
        announce();
        return published;
    }

    private static List<ReleaseRow> match(Transaction tx, String role, byte[] content) {
        String file = RoleNames.file(role);
        List<ReleaseRow> published = new ArrayList<>();
        for (TargetFile target : MetadataReader.read(file, content, Targets.class)
                .signed()
                .targets()
                .values()) {
            ReleaseRow release = tx.releases()
                    .atPath(target.path())
                    .orElseThrow(() -> new MetadataRefusedException(
                            file, Refusal.DISAGREEMENT, target.path() + " has not been uploaded; upload it first"));
            if (!ReleaseTargets.of(release).equals(target)) {
                throw new MetadataRefusedException(
                        file, Refusal.DISAGREEMENT, target.path() + " is signed with other facts than the package has");
            }
            if (!release.published()) {
                tx.releases().setPublished(release.appId(), release.version());
                published.add(release);
            }
        }
        return published;
    }

    /** Signs snapshot and timestamp anew when they would soon expire. */
    public void freshen() {
        if (database.write(image::freshen)) {
            announce();
        }
    }

    /** Hands the newest timestamp on, if there is one. */
    public void announce() {
        Optional<byte[]> timestamp = database.read(tx -> image.newest(tx, RoleNames.TIMESTAMP));
        timestamp.ifPresent(timestampChanged);
    }
}

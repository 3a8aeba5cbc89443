package dev.bulkhead.server.repository;

import dev.bulkhead.contract.proto.MetadataBundle;
import dev.bulkhead.security.tuf.BundleWriter;
import dev.bulkhead.security.tuf.VendorRole;
import dev.bulkhead.server.store.DesiredRow;
import dev.bulkhead.server.store.ReleaseRow;
import dev.bulkhead.server.store.Transaction;
import java.util.List;
import java.util.Optional;

/** All files of both repositories that a vehicle needs to decide. Thread-safe. */
public final class MetadataBundles {
    private final ImageRepository image;
    private final DirectorRepository director;

    public MetadataBundles(ImageRepository image, DirectorRepository director) {
        this.image = image;
        this.director = director;
    }

    /**
     * The files for a vehicle that holds these roots, without nonces; signs anew what would soon expire.
     *
     * @throws dev.bulkhead.security.tuf.MetadataUnavailableException when the OEM's metadata has not been taken in
     */
    public MetadataBundle.Builder forVehicle(
            Transaction tx, String vehicleId, long heldDirectorRoot, long heldImageRoot) {
        director.freshen(tx, vehicleId);
        image.freshen(tx);
        List<String> vendorRoles = tx.assignments().desired(vehicleId).stream()
                .flatMap(desired -> vendorRole(tx, desired).stream())
                .distinct()
                .toList();
        return BundleWriter.bundle(
                director.filesFor(tx, vehicleId, heldDirectorRoot), image.filesFor(tx, heldImageRoot, vendorRoles));
    }

    private static Optional<String> vendorRole(Transaction tx, DesiredRow desired) {
        return tx.releases()
                .find(desired.appId(), desired.version())
                .map(ReleaseRow::vendor)
                .map(VendorRole::roleName);
    }
}

package dev.bulkhead.server.repository;

import dev.bulkhead.security.tuf.RoleFile;
import dev.bulkhead.security.tuf.TrustCeremony;
import java.util.List;
import java.util.Optional;

/** Where what the OEM signed offline comes from: a folder, or nowhere when it is only uploaded. */
public interface OfflineMetadata {
    /** Image roots, oldest first. */
    List<RoleFile> imageRoots();

    /** Director roots, oldest first. */
    List<RoleFile> directorRoots();

    /** The newest image targets, if there are any. */
    Optional<byte[]> imageTargets();

    /** What lies in the key folder; read anew at each call, so that a vendor added later is found. */
    static OfflineMetadata of(TrustCeremony ceremony) {
        return new OfflineMetadata() {
            @Override
            public List<RoleFile> imageRoots() {
                return ceremony.imageRoots();
            }

            @Override
            public List<RoleFile> directorRoots() {
                return ceremony.directorRoots();
            }

            @Override
            public Optional<byte[]> imageTargets() {
                return Optional.of(ceremony.imageTargets());
            }
        };
    }
}

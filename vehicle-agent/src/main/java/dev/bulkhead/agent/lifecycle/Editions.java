package dev.bulkhead.agent.lifecycle;

import java.util.Optional;
import java.util.Set;

/** Finds an edition that is stored, by its release. */
@FunctionalInterface
interface Editions {
    /** Empty when its package is gone or cannot be read any more. */
    Optional<Edition> find(ReleaseRef release);

    /**
     * The editions on a shelf.
     *
     * @param known digests of the packages whose records can be read
     */
    static Editions on(ReleaseShelf shelf, Set<String> known) {
        return release -> {
            if (!known.contains(release.packageDigest())) {
                return Optional.empty();
            }
            try {
                return shelf.content(release.packageDigest()).map(content -> new Edition(release, content.upkeep()));
            } catch (RuntimeException damaged) {
                return Optional.empty();
            }
        };
    }
}

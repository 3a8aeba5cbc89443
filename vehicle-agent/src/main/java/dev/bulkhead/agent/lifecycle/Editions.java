package dev.bulkhead.agent.lifecycle;

import java.util.Optional;

/** Finds an edition that is stored, by its release. */
@FunctionalInterface
interface Editions {
    /** Empty when its package is gone or cannot be read any more. */
    Optional<Edition> find(ReleaseRef release);

    /** The editions on a shelf. */
    static Editions on(ReleaseShelf shelf) {
        return release -> {
            try {
                return shelf.content(release.packageDigest()).map(content -> new Edition(release, content.upkeep()));
            } catch (RuntimeException damaged) {
                return Optional.empty();
            }
        };
    }
}

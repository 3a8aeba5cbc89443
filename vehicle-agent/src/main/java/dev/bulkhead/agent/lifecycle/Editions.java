package dev.bulkhead.agent.lifecycle;

import java.util.Optional;

/** Finds an edition that is stored, by its release. */
@FunctionalInterface
interface Editions {
    /** Empty when its package is gone or cannot be read any more. */
    Optional<Edition> find(ReleaseRef release);

    /** The editions in a store. */
    static Editions in(ReleaseStore releases) {
        return release -> {
            try {
                return releases.content(release.packageDigest())
                        .map(bytes ->
                                new Edition(release, ReleaseContent.of(bytes).upkeep()));
            } catch (RuntimeException damaged) {
                return Optional.empty();
            }
        };
    }
}

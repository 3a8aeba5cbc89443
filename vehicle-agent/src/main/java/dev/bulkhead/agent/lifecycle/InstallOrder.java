package dev.bulkhead.agent.lifecycle;

import java.util.Objects;
import java.util.Optional;

/**
 * Why a package is handed in and what it must turn out to be.
 *
 * @param assignment the fleet's id for this order, echoed in every report; for a sideload any text chosen by the caller
 * @param source who asks
 * @param expected what verified trust metadata says the package is; a package that says otherwise is refused. Empty
 *     only for a sideload
 */
public record InstallOrder(String assignment, Source source, Optional<ReleaseRef> expected) {
    /** Who asks for an installation. */
    public enum Source {
        /** Verified director and image metadata (ota.md). */
        FLEET,
        /** A local developer; needs a developer-mode policy (package.md). */
        SIDELOAD
    }

    public InstallOrder {
        Objects.requireNonNull(assignment, "assignment");
        Objects.requireNonNull(source, "source");
        Objects.requireNonNull(expected, "expected");
        if (source == Source.FLEET && expected.isEmpty()) {
            throw new IllegalArgumentException("order " + assignment + " from the fleet names no expected release");
        }
    }

    /** An order that verified trust metadata gave. */
    public static InstallOrder fromFleet(String assignment, ReleaseRef expected) {
        return new InstallOrder(assignment, Source.FLEET, Optional.of(expected));
    }

    /** An order a developer gave on this machine. */
    public static InstallOrder sideload(String label) {
        return new InstallOrder(label, Source.SIDELOAD, Optional.empty());
    }
}

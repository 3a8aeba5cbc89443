package dev.bulkhead.agent.store;

import dev.bulkhead.agent.lifecycle.ReleaseRef;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A release in one cell: digest, counter, version, app id. */
final class ReleaseText {
    private ReleaseText() {}

    static @Nullable String of(Optional<ReleaseRef> release) {
        return release.map(r -> r.packageDigest() + " " + r.release() + " " + r.version() + " " + r.appId())
                .orElse(null);
    }

    /** @throws IllegalArgumentException when the text names no release */
    static ReleaseRef parse(String text) {
        String[] parts = text.split(" ", 4);
        if (parts.length != 4) {
            throw new IllegalArgumentException("a release is a digest, a number, a version and an app id");
        }
        try {
            return new ReleaseRef(parts[3], parts[2], Long.parseLong(parts[1]), parts[0]);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("the number of the release is not one", e);
        }
    }
}

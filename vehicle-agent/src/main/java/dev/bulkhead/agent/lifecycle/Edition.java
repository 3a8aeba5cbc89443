package dev.bulkhead.agent.lifecycle;

import java.util.Objects;

/** A release together with the rules its manifest gives for keeping it alive. */
public record Edition(ReleaseRef release, Upkeep upkeep) {
    public Edition {
        Objects.requireNonNull(release, "release");
        Objects.requireNonNull(upkeep, "upkeep");
    }
}

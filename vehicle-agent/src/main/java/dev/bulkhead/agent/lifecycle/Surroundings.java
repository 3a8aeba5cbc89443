package dev.bulkhead.agent.lifecycle;

import dev.bulkhead.contract.manifest.Dependency;
import dev.bulkhead.contract.manifest.SemVer;
import java.util.Optional;

/** The other apps of the vehicle, as one of them sees those it depends on. Asked during a step; must not change meanwhile. */
@FunctionalInterface
interface Surroundings {
    /** A vehicle without other apps. */
    Surroundings NONE = appId -> Optional.empty();

    /**
     * How another app stands.
     *
     * @param version of the edition that runs or would run
     * @param words where it is, for messages: {@code quarantined}, {@code stopped}
     */
    record Standing(String version, Presence presence, String words) {}

    /** Whether an app serves those that need it. */
    enum Presence {
        /** It takes events. */
        UP,
        /** It will in a moment, for the first time. */
        STARTING,
        /** It did, and is being brought back or replaced. */
        HEALING,
        /** It does not, and nothing will change that by itself. */
        DOWN
    }

    /** Empty when the app is not installed. */
    Optional<Standing> of(String appId);

    /** Why an edition cannot start now; empty when it can. What is only preferred is waited for while it starts. */
    default Optional<String> lacking(Edition edition) {
        return edition.upkeep().needs().stream()
                .flatMap(need -> missing(need).stream())
                .findFirst();
    }

    private Optional<String> missing(Dependency need) {
        Optional<Standing> standing = of(need.app().text());
        if (need.optional()) {
            return standing.filter(found -> fits(need, found) && found.presence() == Presence.STARTING)
                    .map(found -> "starts after " + need.app() + ", which is " + found.words());
        }
        return unfit(need, standing)
                .or(() -> standing.filter(found -> found.presence() != Presence.UP)
                        .map(found -> "needs " + need + ", which is " + found.words()));
    }

    /** Why an edition that runs must not go on; empty when it may. An app that is being healed or replaced is not lost yet. */
    default Optional<String> lost(Edition edition) {
        return edition.upkeep().needs().stream()
                .filter(need -> !need.optional())
                .flatMap(need -> gone(need).stream())
                .findFirst();
    }

    private Optional<String> gone(Dependency need) {
        Optional<Standing> standing = of(need.app().text());
        return unfit(need, standing)
                .or(() -> standing.filter(found -> found.presence() == Presence.DOWN)
                        .map(found -> "needs " + need + ", which is " + found.words()));
    }

    private static Optional<String> unfit(Dependency need, Optional<Standing> standing) {
        if (standing.isEmpty()) {
            return Optional.of("needs " + need + ", which is not installed");
        }
        return fits(need, standing.get())
                ? Optional.empty()
                : Optional.of(
                        "needs " + need + ", installed is " + standing.get().version());
    }

    private static boolean fits(Dependency need, Standing standing) {
        try {
            return need.versions().contains(SemVer.parse(standing.version()));
        } catch (IllegalArgumentException noVersion) {
            return false;
        }
    }
}

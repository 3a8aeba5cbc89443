package dev.bulkhead.server.campaign;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Where a rollout stands. */
public enum RolloutPhase {
    /** The group that was opened last is being updated. */
    RUNNING(true),
    /** It has succeeded and is watched for a while. */
    SOAKING(true),
    /** Stopped; vehicles in the middle of an update go on, no other starts. */
    PAUSED(false),
    COMPLETED(false),
    /** Vehicles are being taken back; those in the middle of an update end it first. */
    ROLLING_BACK(true),
    ROLLED_BACK(false);

    private final boolean active;

    RolloutPhase(boolean active) {
        this.active = active;
    }

    /** Whether it goes on by itself. */
    public boolean isActive() {
        return active;
    }

    /** The word in the database and in the API, for example {@code rolled-back}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    static RolloutPhase ofWord(String word) {
        return valueOf(word.toUpperCase(Locale.ROOT).replace('-', '_'));
    }

    static List<String> activeWords() {
        return Arrays.stream(values())
                .filter(RolloutPhase::isActive)
                .map(RolloutPhase::word)
                .toList();
    }
}

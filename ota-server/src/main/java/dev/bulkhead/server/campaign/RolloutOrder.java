package dev.bulkhead.server.campaign;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What an operator asks for.
 *
 * @param id chosen by the asker so that asking twice does it once, or empty
 * @param appId which app
 * @param version which release, or empty for the newest
 * @param fallback release that vehicles which were updated already get when the fleet is taken back; its counter is higher,
 *     because a release never goes back on a vehicle. Empty = they keep the new one
 */
public record RolloutOrder(
        Optional<String> id, String appId, Optional<String> version, Optional<String> fallback, RolloutPlan plan) {
    private static final Pattern ID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,47}");

    public RolloutOrder {
        if (id.isPresent() && !ID.matcher(id.get()).matches()) {
            throw new IllegalArgumentException("a rollout id is 1 to 48 letters, digits, '.', '_' or '-'");
        }
    }
}

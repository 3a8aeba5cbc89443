package dev.bulkhead.agent.host;

import java.util.Objects;

/**
 * Which running instance something is about.
 *
 * @param incarnation tells the instances of one app apart; rises with each start
 */
public record AppLabel(String appId, String version, String vendor, int incarnation) {
    public AppLabel {
        Objects.requireNonNull(appId, "appId");
        Objects.requireNonNull(version, "version");
        Objects.requireNonNull(vendor, "vendor");
    }

    @Override
    public String toString() {
        return appId + "#" + incarnation;
    }
}

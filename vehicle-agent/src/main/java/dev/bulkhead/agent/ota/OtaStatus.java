package dev.bulkhead.agent.ota;

import java.util.Optional;

/**
 * How the client stands, for people.
 *
 * @param connected to the fleet
 * @param cause why not, in words; empty while connected or before the first try
 * @param downloading what comes here now
 * @param lastRefusal the newest thing refused since the start; empty when nothing was
 */
public record OtaStatus(boolean connected, String cause, Optional<Downloading> downloading, String lastRefusal) {
    /** Before anything happened. */
    static final OtaStatus INITIAL = new OtaStatus(false, "", Optional.empty(), "");

    /** A file on its way here, in bytes. */
    public record Downloading(String appId, String version, long bytesHere, long bytesTotal) {}
}

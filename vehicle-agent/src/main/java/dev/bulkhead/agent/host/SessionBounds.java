package dev.bulkhead.agent.host;

/**
 * What one instance may hold at a time.
 *
 * @param handles open handles, 1 to 4096
 * @param queue events waiting over all sources, from the manifest
 * @param storageBytes key-value bytes, from the manifest
 * @param logPerSecond log lines per second, from the manifest
 */
public record SessionBounds(int handles, int queue, long storageBytes, int logPerSecond) {
    /** Handles of an app unless something narrower is said. */
    public static final int USUAL_HANDLES = 256;

    public SessionBounds {
        if (handles < 1 || handles > HandleTable.MOST) {
            throw new IllegalArgumentException("handles " + handles + " not within 1.." + HandleTable.MOST);
        }
        if (queue < 1 || storageBytes < 0 || logPerSecond < 0) {
            throw new IllegalArgumentException("queue must be at least 1, storage and log at least 0");
        }
    }
}

package dev.bulkhead.agent.host;

import java.util.Optional;

/** Configuration values by app and key. Thread-safe. */
@FunctionalInterface
public interface ConfigSource {
    Optional<byte[]> get(String appId, String key);
}

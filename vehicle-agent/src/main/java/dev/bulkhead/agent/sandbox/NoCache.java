package dev.bulkhead.agent.sandbox;

import java.util.Map;
import java.util.Optional;

final class NoCache implements CodeCache {
    @Override
    public Optional<StoredClasses> load(String key) {
        return Optional.empty();
    }

    @Override
    public void store(String key, Map<String, byte[]> classes) {}
}

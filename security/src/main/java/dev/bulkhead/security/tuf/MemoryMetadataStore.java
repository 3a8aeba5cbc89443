package dev.bulkhead.security.tuf;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** A store that forgets with the process: for tests and the simulator. */
public final class MemoryMetadataStore implements MetadataStore {
    private final Map<String, byte[]> files = new ConcurrentHashMap<>();

    @Override
    public Optional<byte[]> load(String fileName) {
        return Optional.ofNullable(files.get(fileName)).map(byte[]::clone);
    }

    @Override
    public void save(String fileName, byte[] content) {
        files.put(fileName, content.clone());
    }

    @Override
    public void delete(String fileName) {
        files.remove(fileName);
    }
}

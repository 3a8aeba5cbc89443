package dev.bulkhead.agent.drill;

import dev.bulkhead.agent.lifecycle.Durables;
import dev.bulkhead.agent.lifecycle.ReleaseStore;
import dev.bulkhead.agent.lifecycle.SlotStore;
import dev.bulkhead.agent.lifecycle.StoredRelease;
import dev.bulkhead.agent.lifecycle.Survival;
import dev.bulkhead.agent.lifecycle.UpdateReport;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;

/** Both editions of the practice app, which never go away; remembers nothing of what becomes of them. */
record PracticeStore(Map<StoredRelease, byte[]> packages) implements ReleaseStore, SlotStore {
    @Override
    public Optional<StoredRelease> find(String packageDigest) {
        return packages.keySet().stream()
                .filter(stored -> stored.release().packageDigest().equals(packageDigest))
                .findFirst();
    }

    @Override
    public Optional<byte[]> content(String packageDigest) {
        return packages.entrySet().stream()
                .filter(each -> each.getKey().release().packageDigest().equals(packageDigest))
                .map(Map.Entry::getValue)
                .findFirst();
    }

    @Override
    public List<StoredRelease> all() {
        return List.copyOf(packages.keySet());
    }

    @Override
    public OptionalLong floor(String appId) {
        return OptionalLong.empty();
    }

    @Override
    public void store(StoredRelease release, Path content) {
        throw new StorageRefusal("nothing is installed in practice");
    }

    @Override
    public void drop(String packageDigest) {}

    @Override
    public Survival survival() {
        Set<String> digests = packages.keySet().stream()
                .map(stored -> stored.release().packageDigest())
                .collect(Collectors.toSet());
        return new Survival(List.of(), List.of(), Map.of(), digests, List.of());
    }

    @Override
    public void save(Durables next) {}

    @Override
    public void purge(String appId) {}

    @Override
    public Map<String, String> config(String appId) {
        return Map.of();
    }

    @Override
    public void configure(String appId, Map<String, String> values) {}

    @Override
    public List<UpdateReport> reports() {
        return List.of();
    }
}

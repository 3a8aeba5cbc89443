package dev.bulkhead.agent.store;

import dev.bulkhead.agent.host.KeyValueStore;
import java.util.List;
import java.util.Optional;

/**
 * Stands in for a file that cannot be opened: whatever would read or change data says why it cannot, so apps without data run as ever, and
 * those with data are told. The file stays as it is, for somebody to look at.
 */
public record KeyValuesOutOfReach(StoreException why) implements KeyValueStore {
    private StoreException unavailable() {
        return new StoreException(String.valueOf(why.getMessage()), why);
    }

    @Override
    public Optional<byte[]> get(String appId, byte[] key) {
        throw unavailable();
    }

    @Override
    public boolean put(String appId, byte[] key, byte[] value, long quota, Runnable entitled) {
        throw unavailable();
    }

    @Override
    public boolean delete(String appId, byte[] key, Runnable entitled) {
        throw unavailable();
    }

    @Override
    public List<byte[]> keys(String appId, byte[] prefix, int limit) {
        throw unavailable();
    }

    @Override
    public long used(String appId) {
        return 0;
    }

    @Override
    public void handOver(String appId, String release, List<Write> writes) {
        throw unavailable();
    }

    @Override
    public Optional<String> remembersFor(String appId) {
        return Optional.empty();
    }

    @Override
    public void giveBack(String appId) {
        throw unavailable();
    }

    @Override
    public void settle(String appId) {
        throw unavailable();
    }

    @Override
    public void clear(String appId) {
        throw unavailable();
    }
}

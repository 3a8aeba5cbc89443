package dev.bulkhead.agent.drill;

import dev.bulkhead.agent.host.KeyValueStore;
import java.util.List;
import java.util.Optional;

/** The practice app keeps no data. */
record NoData() implements KeyValueStore {
    @Override
    public Optional<byte[]> get(String appId, byte[] key) {
        return Optional.empty();
    }

    @Override
    public boolean put(String appId, byte[] key, byte[] value, long quota, Runnable entitled) {
        return false;
    }

    @Override
    public boolean delete(String appId, byte[] key, Runnable entitled) {
        return false;
    }

    @Override
    public List<byte[]> keys(String appId, byte[] prefix, int limit) {
        return List.of();
    }

    @Override
    public long used(String appId) {
        return 0;
    }

    @Override
    public void handOver(String appId, String release, List<Write> writes) {}

    @Override
    public Optional<String> remembersFor(String appId) {
        return Optional.empty();
    }

    @Override
    public void giveBack(String appId) {}

    @Override
    public void settle(String appId) {}

    @Override
    public void clear(String appId) {}
}

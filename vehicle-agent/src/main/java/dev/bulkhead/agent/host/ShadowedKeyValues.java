package dev.bulkhead.agent.host;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The key-value data as one session sees it: while it is muted its writes stay in memory, on top of what is stored. What it wrote in its
 * last {@code restore_state} is kept when it takes over, the rest is forgotten. Strand only.
 */
final class ShadowedKeyValues {
    /** Entries a shadow may write. */
    private static final int MOST = 4_096;

    private final AppSession session;
    private final TreeMap<Key, byte[]> written = new TreeMap<>();
    private final OwedHandOver handOver = new OwedHandOver();

    @SuppressWarnings("ArrayRecordComponent") // compared by content below
    private record Key(byte[] bytes) implements Comparable<Key> {
        @Override
        public int compareTo(Key other) {
            return Arrays.compareUnsigned(bytes, other.bytes);
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Key key && Arrays.equals(bytes, key.bytes);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(bytes);
        }
    }

    /** Stands for an entry that was deleted in the shadow. */
    private static final byte[] GONE = new byte[0];

    ShadowedKeyValues(AppSession session) {
        this.session = session;
    }

    private KeyValueStore store() {
        return session.services().keyValues();
    }

    private String app() {
        return session.label().appId();
    }

    /** Forgets what was written in the shadow so far. */
    void beginAnew() {
        written.clear();
    }

    /**
     * Takes the data over for a release. What was written since is written down now, with the hand-over; where nothing was, the hand-over is owed.
     *
     * @throws KeyValueStore.Unavailable when it cannot be written; nothing changed then
     */
    @SuppressWarnings("ReferenceEquality") // GONE is a mark, an empty value is not
    void take(String packageDigest) {
        List<KeyValueStore.Write> writes = new ArrayList<>();
        written.forEach((key, value) -> writes.add(new KeyValueStore.Write(key.bytes(), value == GONE ? null : value)));
        written.clear();
        handOver.owe(() -> store().handOver(app(), packageDigest, writes));
        if (!writes.isEmpty()) {
            handOver.pay();
        }
    }

    OwedHandOver handOver() {
        return handOver;
    }

    private boolean shadow() {
        if (!session.muted()) {
            written.clear();
        }
        return session.muted();
    }

    @SuppressWarnings("ReferenceEquality") // GONE is a mark, an empty value is not
    Optional<byte[]> get(byte[] key) {
        byte[] mine = shadow() ? written.get(new Key(key)) : null;
        if (mine != null) {
            return mine == GONE ? Optional.empty() : Optional.of(mine);
        }
        return store().get(app(), key);
    }

    boolean put(byte[] key, byte[] value, long quota) {
        if (!shadow()) {
            handOver.pay();
            return store().put(app(), key, value, quota, session::entitled);
        }
        long cost = (long) key.length + value.length + KeyValueStore.ENTRY_COST;
        if (written.size() >= MOST || used() + overlay() + cost > quota) {
            return false;
        }
        written.put(new Key(key), value.clone());
        return true;
    }

    private long overlay() {
        long sum = 0;
        for (Map.Entry<Key, byte[]> entry : written.entrySet()) {
            sum += entry.getKey().bytes().length + entry.getValue().length + KeyValueStore.ENTRY_COST;
        }
        return sum;
    }

    boolean delete(byte[] key) {
        if (!shadow()) {
            handOver.pay();
            return store().delete(app(), key, session::entitled);
        }
        boolean there = get(key).isPresent();
        if (there) {
            written.put(new Key(key), GONE);
        }
        return there;
    }

    /** While muted only what is stored is listed. */
    List<byte[]> keys(byte[] prefix, int most) {
        return store().keys(app(), prefix, most);
    }

    long used() {
        return store().used(app());
    }
}

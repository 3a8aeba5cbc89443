package dev.bulkhead.agent.host;

import dev.bulkhead.agent.host.KeyValueStore.Write;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What a muted session wrote, to lie on top of what is stored; the app's memory pays for it as long as it is kept. Strand only. */
final class ShadowWrites {
    /** Entries a shadow may write. */
    private static final int MOST = 4_096;

    private final HeldMemory held;
    private final TreeMap<Key, Write> entries = new TreeMap<>();
    private long bytes;
    private long paid;

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

    ShadowWrites(HeldMemory held) {
        this.held = held;
    }

    /** What was written under the key, without a value where it was deleted; null where nothing was. */
    @Nullable
    Write find(byte[] key) {
        return entries.get(new Key(key));
    }

    /** Whether an entry more, or another value, is within the bound that holds besides memory. */
    boolean roomFor(byte[] key) {
        return entries.size() < MOST || entries.containsKey(new Key(key));
    }

    /** What an entry takes of the app's storage. */
    static long cost(Write write) {
        byte[] value = write.value();
        return (long) write.key().length + (value == null ? 0 : value.length) + KeyValueStore.ENTRY_COST;
    }

    /** What all entries would take of the app's storage with this one in its place. */
    long bytesWith(Write write) {
        Write before = find(write.key());
        return bytes - (before == null ? 0 : cost(before)) + cost(write);
    }

    /** Keeps an entry; false when memory is short. Its arrays are this one's from now on. */
    boolean put(Write write) {
        boolean fresh = find(write.key()) == null;
        long more = bytesWith(write) - bytes + (fresh ? HeldMemory.WRITE : 0);
        if (more > 0 && !held.take(more)) {
            return false;
        }
        if (more < 0) {
            held.give(-more);
        }
        paid += more;
        bytes = bytesWith(write);
        entries.put(new Key(write.key()), write);
        return true;
    }

    /** The writes in the order of their keys, to be written down. */
    List<Write> list() {
        return List.copyOf(entries.values());
    }

    void forget() {
        held.give(paid);
        entries.clear();
        paid = 0;
        bytes = 0;
    }
}

package dev.bulkhead.agent.host;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Decisions that need not be made again: so many, and as long as the app's memory has room for them. When there are too many all are forgotten; for which there is
 * no room is decided each time. Strand only.
 */
final class Remembered<K, V> {
    private final int most;
    private final long bytesEach;
    private final HeldMemory held;
    private final Map<K, V> known = new HashMap<>();

    /** @param bytesEach what remembering one takes, about */
    Remembered(int most, long bytesEach, HeldMemory held) {
        this.most = most;
        this.bytesEach = bytesEach;
        this.held = held;
    }

    @Nullable
    V find(K key) {
        return known.get(key);
    }

    void put(K key, V value) {
        if (known.containsKey(key)) {
            known.put(key, value);
            return;
        }
        if (known.size() >= most) {
            forget();
        }
        if (held.take(bytesEach)) {
            known.put(key, value);
        }
    }

    void forget() {
        held.give(bytesEach * known.size());
        known.clear();
    }
}

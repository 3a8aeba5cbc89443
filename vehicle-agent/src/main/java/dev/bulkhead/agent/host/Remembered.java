package dev.bulkhead.agent.host;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Decisions that need not be made again: so many, and as long as the app's memory has room for them and nothing else needs it. When there are too many all are
 * forgotten; for which there is no room is decided each time. Strand only, but for {@link #drop}.
 */
final class Remembered<K, V> {
    private final int most;
    private final long bytesEach;
    private final HeldMemory held;

    /** Changed by the strand, within {@link HeldMemory}'s lock; replaced by whoever claims the memory, within it too. */
    private volatile Map<K, V> known = new HashMap<>();

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
        Map<K, V> now = known;
        if (now.replace(key, value) == null) {
            if (now.size() >= most) {
                forget();
            }
            held.remember(this, bytesEach, () -> known.put(key, value));
        }
    }

    void forget() {
        held.forget(this);
    }

    /** Lets go of everything and answers how many bytes that was. Any thread; called by {@link HeldMemory} only. */
    long drop() {
        long bytes = bytesEach * known.size();
        known = new HashMap<>();
        return bytes;
    }
}

package dev.bulkhead.agent.lifecycle;

import dev.bulkhead.agent.host.ConfigSource;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/** What operators set for apps, on top of what the vehicle was built with. Durable before it is seen. Thread-safe. */
public final class ConfigDesk implements ConfigSource {
    /** Most values of one app. */
    public static final int MOST_VALUES = 256;

    /** Longest key and value in bytes of UTF-8. */
    public static final int LONGEST_KEY = 128;

    public static final int LONGEST_VALUE = 4_096;

    private final SlotStore store;
    private final ConfigSource builtIn;
    private final Map<String, Map<String, String>> known = new ConcurrentHashMap<>();

    /** @param builtIn what holds for keys that nobody set */
    public ConfigDesk(SlotStore store, ConfigSource builtIn) {
        this.store = store;
        this.builtIn = builtIn;
    }

    @Override
    public Optional<byte[]> get(String appId, String key) {
        return Optional.ofNullable(set(appId).get(key))
                .map(value -> value.getBytes(StandardCharsets.UTF_8))
                .or(() -> builtIn.get(appId, key));
    }

    /** What is set for the app, by key. */
    public Map<String, String> set(String appId) {
        return known.computeIfAbsent(appId, id -> Map.copyOf(store.config(id)));
    }

    /**
     * Sets some values and unsets others, all or none.
     *
     * @param changes empty values unset
     * @throws IllegalArgumentException naming a key or value that is too long, or that there are too many
     * @throws NotDurableException when it cannot be written down; nothing changed then
     */
    synchronized void change(String appId, Map<String, String> changes) {
        Map<String, String> next = new TreeMap<>(set(appId));
        changes.forEach((key, value) -> {
            check(key, value);
            if (value.isEmpty()) {
                next.remove(key);
            } else {
                next.put(key, value);
            }
        });
        if (next.size() > MOST_VALUES) {
            throw new IllegalArgumentException(
                    next.size() + " values for " + appId + ", at most " + MOST_VALUES + "; unset some first");
        }
        NotDurableException.guard(appId, () -> store.configure(appId, next));
        known.put(appId, Map.copyOf(next));
    }

    private static void check(String key, String value) {
        if (key.isEmpty() || bytes(key) > LONGEST_KEY || key.chars().anyMatch(c -> c <= ' ' || c == '=' || c == 127)) {
            throw new IllegalArgumentException("a key is 1 to " + LONGEST_KEY + " bytes without blanks and =");
        }
        if (bytes(value) > LONGEST_VALUE) {
            throw new IllegalArgumentException(
                    "the value of " + key + " has " + bytes(value) + " bytes, at most " + LONGEST_VALUE);
        }
    }

    private static int bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }

    /** Forgets an app that was removed. */
    void forget(String appId) {
        known.remove(appId);
    }
}

package dev.bulkhead.agent.host;

import dev.bulkhead.agent.host.MessageHub.Message;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The last message of each topic. Bounded for each sender, in number and bytes, so that nobody can push out what others said; its own oldest
 * is forgotten first. Not thread-safe.
 */
final class LastMessages {
    /** Topics of one app. */
    static final int MOST_TOPICS = 256;

    /** Payload bytes of one app. */
    static final long MOST_BYTES = 1 << 20;

    private static final class Shelf {
        private final LinkedHashMap<String, Message> messages = new LinkedHashMap<>();
        private long bytes;

        void remove(String topic) {
            Message removed = messages.remove(topic);
            if (removed != null) {
                bytes -= removed.payload().length;
            }
        }
    }

    private final Map<String, Shelf> shelves = new HashMap<>();
    private final Map<String, String> senders = new HashMap<>();

    void keep(Message message) {
        @Nullable String before = senders.put(message.topic(), message.from());
        if (before != null) {
            shelf(before).remove(message.topic());
        }
        Shelf shelf = shelf(message.from());
        shelf.messages.put(message.topic(), message);
        shelf.bytes += message.payload().length;
        while (shelf.messages.size() > MOST_TOPICS || shelf.bytes > MOST_BYTES) {
            String oldest = shelf.messages.firstEntry().getKey();
            shelf.remove(oldest);
            senders.remove(oldest);
        }
    }

    private Shelf shelf(String appId) {
        return shelves.computeIfAbsent(appId, id -> new Shelf());
    }

    /** The last messages of matching topics, in the order they were sent. */
    List<Message> of(Predicate<String> topics) {
        return shelves.values().stream()
                .flatMap(shelf -> shelf.messages.values().stream())
                .filter(message -> topics.test(message.topic()))
                .sorted()
                .toList();
    }

    void forget(String appId) {
        shelves.remove(appId);
        senders.values().removeIf(appId::equals);
    }
}

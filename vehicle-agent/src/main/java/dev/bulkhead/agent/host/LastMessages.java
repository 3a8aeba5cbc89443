package dev.bulkhead.agent.host;

import dev.bulkhead.agent.host.MessageHub.Message;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The last message of each topic. Bounded for each sender, in number and bytes, so that nobody can push out what others said; its own oldest
 * is forgotten first. The instance that runs pays for what its app said last; what is left of an app while none of it runs is what it had
 * paid for, and the next instance {@linkplain #charge pays} on. Not thread-safe.
 */
final class LastMessages {
    /** Topics of one app. */
    static final int MOST_TOPICS = 256;

    /** Payload bytes of one app. */
    static final long MOST_BYTES = 1 << 20;

    /** @param payer nobody while no instance of the sender has taken it on */
    private record Kept(Message message, @Nullable HeldMemory payer) {
        long cost() {
            return LastMessages.cost(message);
        }

        void giveBack() {
            if (payer != null) {
                payer.give(cost());
            }
        }

        Kept unpaid() {
            giveBack();
            return new Kept(message, null);
        }
    }

    private static final class Shelf {
        private final LinkedHashMap<String, Kept> kept = new LinkedHashMap<>();
        private long bytes;

        void put(Kept last) {
            kept.put(last.message().topic(), last);
            bytes += last.message().payload().length;
        }

        void remove(String topic) {
            Kept removed = kept.remove(topic);
            if (removed != null) {
                bytes -= removed.message().payload().length;
            }
        }
    }

    private final Map<String, Shelf> shelves = new HashMap<>();
    private final Map<String, String> senders = new HashMap<>();

    private static long cost(Message message) {
        return HeldMemory.LAST + message.payload().length;
    }

    /** Keeps it in the place of what was said before; false, and nothing has changed, when the payer has no room for it. */
    boolean keep(Message message, HeldMemory payer) {
        List<Kept> leaving = displacedBy(message);
        long mine = leaving.stream()
                .filter(each -> each.payer() == payer)
                .mapToLong(Kept::cost)
                .sum();
        long more = cost(message) - mine;
        if (more > 0 && !payer.take(more)) {
            return false;
        }
        if (more < 0) {
            payer.give(-more);
        }
        leaving.stream().filter(each -> each.payer() != payer).forEach(Kept::giveBack);
        leaving.forEach(each -> drop(each.message()));
        shelf(message.from()).put(new Kept(message, payer));
        senders.put(message.topic(), message.from());
        return true;
    }

    /** The message before on the same topic, and the sender's oldest that it has no place for besides. */
    private List<Kept> displacedBy(Message message) {
        List<Kept> displaced = new ArrayList<>();
        before(message.topic()).ifPresent(displaced::add);
        Shelf shelf = shelf(message.from());
        Kept own = shelf.kept.get(message.topic());
        int topics = shelf.kept.size() + (own == null ? 1 : 0);
        long bytes = shelf.bytes
                + message.payload().length
                - (own == null ? 0 : own.message().payload().length);
        for (Kept oldest : shelf.kept.values()) {
            if (topics <= MOST_TOPICS && bytes <= MOST_BYTES) {
                break;
            }
            if (!oldest.message().topic().equals(message.topic())) {
                displaced.add(oldest);
                topics--;
                bytes -= oldest.message().payload().length;
            }
        }
        return displaced;
    }

    private Optional<Kept> before(String topic) {
        @Nullable String sender = senders.get(topic);
        return sender == null
                ? Optional.empty()
                : Optional.ofNullable(shelf(sender).kept.get(topic));
    }

    private void drop(Message message) {
        senders.remove(message.topic());
        shelf(message.from()).remove(message.topic());
    }

    private Shelf shelf(String appId) {
        return shelves.computeIfAbsent(appId, id -> new Shelf());
    }

    /**
     * From here on this account pays for all that the app said last, and whoever did gets it back. The newest come first; what there is no room
     * for is forgotten.
     *
     * @return bytes that were missing for what is forgotten
     */
    long charge(String appId, HeldMemory payer) {
        Shelf shelf = shelves.get(appId);
        if (shelf == null) {
            return 0;
        }
        List<Kept> others = shelf.kept.values().stream()
                .filter(last -> last.payer() != payer)
                .toList()
                .reversed();
        long missing = 0;
        for (Kept last : others) {
            last.giveBack();
            if (payer.take(last.cost())) {
                shelf.kept.replace(last.message().topic(), new Kept(last.message(), payer));
            } else {
                missing += last.cost();
                drop(last.message());
            }
        }
        return missing;
    }

    /** This account is closed: nobody pays for what it paid for, until the app's next instance does. */
    void release(String appId, HeldMemory payer) {
        Shelf shelf = shelves.get(appId);
        if (shelf != null) {
            shelf.kept.replaceAll((topic, last) -> last.payer() == payer ? last.unpaid() : last);
        }
    }

    /** The last messages of matching topics, in the order they were sent. */
    List<Message> of(Predicate<String> topics) {
        return shelves.values().stream()
                .flatMap(shelf -> shelf.kept.values().stream())
                .map(Kept::message)
                .filter(message -> topics.test(message.topic()))
                .sorted()
                .toList();
    }

    void forget(String appId) {
        Shelf shelf = shelves.remove(appId);
        if (shelf != null) {
            shelf.kept.values().forEach(Kept::giveBack);
            senders.values().removeIf(appId::equals);
        }
    }
}

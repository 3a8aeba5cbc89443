package dev.bulkhead.agent.host;

import dev.bulkhead.contract.capability.TopicFilter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Messages between the apps of this vehicle: whoever subscribed to a matching filter gets a copy, and a late subscriber the last one of
 * each topic. Never blocks a publisher: a full mailbox loses its oldest. Thread-safe.
 */
public final class MessageHub {
    /** Topics whose last message is kept. */
    static final int MOST_TOPICS = 1_024;

    /** A message and who sent it. The payload is shared by all who get it: nobody changes it. */
    @SuppressWarnings("ArrayRecordComponent")
    record Message(String from, String topic, byte[] payload, long timeNanos) {}

    /** Where messages for one instance go. */
    interface Mailbox {
        void put(Message message);
    }

    private record Subscriber(TopicFilter filter, Mailbox mailbox) {}

    private final CopyOnWriteArrayList<Subscriber> subscribers = new CopyOnWriteArrayList<>();
    private final Map<String, Message> last = new LinkedHashMap<>(16, 0.75f, true);

    synchronized void publish(Message message) {
        last.put(message.topic(), message);
        if (last.size() > MOST_TOPICS) {
            last.remove(last.keySet().iterator().next());
        }
        List<Mailbox> served = new ArrayList<>();
        for (Subscriber subscriber : subscribers) {
            if (!served.contains(subscriber.mailbox()) && subscriber.filter().matches(message.topic())) {
                served.add(subscriber.mailbox());
                subscriber.mailbox().put(message);
            }
        }
    }

    synchronized void subscribe(TopicFilter filter, Mailbox mailbox) {
        subscribers.add(new Subscriber(filter, mailbox));
        last.values().stream()
                .filter(message -> filter.matches(message.topic()))
                .toList()
                .forEach(mailbox::put);
    }

    /** Moves what waits in one mailbox into another that nobody reads meanwhile; nothing is published in between. */
    synchronized void handOver(MailSource from, MailSource to) {
        to.inherit(from.waitingMessages());
    }

    /** Ends every subscription of the mailbox. */
    synchronized void leave(Mailbox mailbox) {
        subscribers.removeIf(subscriber -> subscriber.mailbox().equals(mailbox));
    }
}

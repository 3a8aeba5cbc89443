package dev.bulkhead.agent.host;

import dev.bulkhead.contract.abi.Layouts;
import dev.bulkhead.contract.capability.TopicFilter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Messages between the apps of this vehicle: whoever subscribed to a matching filter gets a copy, and a late subscriber the last one of
 * each topic. Never blocks a publisher: a full mailbox loses its oldest. Thread-safe.
 */
public final class MessageHub {
    /**
     * A message and who sent it. The payload is shared by all who get it: nobody changes it.
     *
     * @param number rises with each message published
     */
    @SuppressWarnings("ArrayRecordComponent")
    record Message(String from, String topic, byte[] payload, long timeNanos, long number)
            implements Comparable<Message> {
        @Override
        public int compareTo(Message other) {
            return Long.compare(number, other.number);
        }
    }

    private static final class Subscription {
        private final TopicFilter filter;
        private final @Nullable TokenBucket rate;
        private long delivered;

        /** @param rate what it may get a second; shared with other filters of its grant */
        Subscription(TopicFilter filter, @Nullable TokenBucket rate) {
            this.filter = filter;
            this.rate = rate;
        }

        /** Cloud topics belong to one app each: a wildcard does not reach into them. */
        boolean matches(String topic) {
            return topic.startsWith(Layouts.CLOUD_PREFIX) == filter.text().startsWith(Layouts.CLOUD_PREFIX)
                    && filter.matches(topic);
        }

        boolean takes(Message message) {
            boolean within = rate == null || rate.take(message.timeNanos());
            delivered += within ? 1 : 0;
            return within;
        }
    }

    // guarded by this
    private final Map<MailSource, List<Subscription>> readers = new LinkedHashMap<>();
    private final Map<MailSource, MailSource> heirs = new LinkedHashMap<>();
    private final LastMessages last = new LastMessages();
    private long published;

    /**
     * Publishes, and keeps the message as the last of its topic.
     *
     * @param payer of the instance that says it
     * @return false when that has no room for it; nobody gets it then
     */
    synchronized boolean publish(String from, String topic, byte[] payload, long timeNanos, HeldMemory payer) {
        Message message = new Message(from, topic, payload, timeNanos, published + 1);
        if (!last.keep(message, payer)) {
            return false;
        }
        published++;
        readers.forEach((mailbox, subscriptions) -> {
            MailSource heir = heirs.get(mailbox);
            if (heir == null || !listens(heir, topic)) {
                deliver(message, mailbox, subscriptions);
            }
        });
        return true;
    }

    private static void deliver(Message message, MailSource mailbox, List<Subscription> subscriptions) {
        boolean wanted = false;
        for (Subscription subscription : subscriptions) {
            if (subscription.matches(message.topic())) {
                wanted = true;
                if (subscription.takes(message)) {
                    mailbox.put(message);
                    return;
                }
            }
        }
        if (wanted) {
            mailbox.lost();
        }
    }

    private boolean listens(MailSource mailbox, String topic) {
        return readers.getOrDefault(mailbox, List.of()).stream().anyMatch(subscription -> subscription.matches(topic));
    }

    /**
     * Subscribes, and delivers the last message of each topic that the mailbox did not listen to before. A filter that is subscribed
     * already takes the new rate.
     */
    synchronized void subscribe(TopicFilter filter, @Nullable TokenBucket rate, MailSource mailbox) {
        Subscription added = new Subscription(filter, rate);
        List<Message> greeting = last.of(added::matches).stream()
                .filter(message -> !listens(mailbox, message.topic()))
                .toList();
        List<Subscription> subscriptions = readers.computeIfAbsent(mailbox, box -> new ArrayList<>());
        subscriptions.removeIf(subscription -> subscription.filter.equals(filter));
        subscriptions.add(added);
        greeting.forEach(message -> deliver(message, mailbox, List.of(added)));
    }

    /** Ends one subscription; what waits and no other filter matches is thrown away. */
    synchronized void unsubscribe(TopicFilter filter, MailSource mailbox) {
        List<Subscription> subscriptions = readers.computeIfAbsent(mailbox, box -> new ArrayList<>());
        subscriptions.removeIf(subscription -> subscription.filter.equals(filter));
        mailbox.takeAll(message -> !listens(mailbox, message.topic()));
    }

    /**
     * Moves what waits in the mailbox of a live version into that of the next, which nobody reads meanwhile; nothing is published in
     * between. What only the next version listens to begins with the last message of each topic. Until {@link #giveBack} nothing the next
     * version gets goes to the other as well.
     */
    synchronized void handOver(MailSource live, MailSource next) {
        if (readers.containsKey(live) || readers.containsKey(next)) {
            next.takeAll(message -> listens(live, message.topic()));
            next.takeUnreported();
            move(live, next, last.of(topic -> listens(next, topic) && !listens(live, topic)));
        }
        heirs.put(live, next);
    }

    /** Moves what waits back to the version it was handed over from. */
    synchronized void giveBack(MailSource heir, MailSource earlier) {
        heirs.remove(earlier);
        move(heir, earlier, List.of());
    }

    private void move(MailSource from, MailSource to, List<Message> besides) {
        TreeSet<Message> waiting = new TreeSet<>(besides);
        waiting.addAll(to.takeAll(message -> true));
        waiting.addAll(from.takeAll(message -> listens(to, message.topic())));
        to.refill(waiting, from.takeUnreported());
    }

    /** What the mailbox listens to, for people. */
    synchronized List<OpenHandle> filters(MailSource mailbox) {
        return readers.getOrDefault(mailbox, List.of()).stream()
                .map(each -> new OpenHandle(0, "message", each.filter.text(), "subscribed", each.delivered))
                .toList();
    }

    /** Ends every subscription of the mailbox. */
    synchronized void leave(MailSource mailbox) {
        readers.remove(mailbox);
        heirs.remove(mailbox);
        heirs.values().removeIf(mailbox::equals);
    }

    /**
     * Has the instance of an app that speaks from here on pay for its last messages; see {@link LastMessages#charge}.
     *
     * @return bytes that were missing for those that are forgotten
     */
    synchronized long chargeLast(String appId, HeldMemory payer) {
        return last.charge(appId, payer);
    }

    /** The instance is over and pays for nothing; the last messages stay. */
    synchronized void releaseLast(String appId, HeldMemory payer) {
        last.release(appId, payer);
    }

    /** Forgets the last messages an app sent; it was removed. */
    public synchronized void forget(String appId) {
        last.forget(appId);
    }
}

package dev.bulkhead.agent.host;

import dev.bulkhead.contract.abi.Layouts;
import dev.bulkhead.contract.abi.Status;
import dev.bulkhead.contract.capability.Capability;
import dev.bulkhead.contract.capability.Cloud;
import dev.bulkhead.contract.capability.Message;
import dev.bulkhead.contract.capability.TopicFilter;
import dev.bulkhead.security.audit.UsageCounter;
import dev.bulkhead.security.policy.AccessRequest;
import dev.bulkhead.security.policy.Decision;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/** Decides which topics an app may publish and listen to, once each per policy epoch. Strand only. */
final class MessageDesk {
    /** Topics whose decision is remembered. */
    private static final int MOST_TOPICS = 256;

    /** Filters of one app. */
    static final int MOST_FILTERS = 64;

    /** What was decided about one topic or filter. */
    record Grant(boolean given, @Nullable TokenBucket rate, UsageCounter uses) {
        boolean within(long nowNanos) {
            return rate == null || rate.take(nowNanos);
        }
    }

    /** Who shares a rate: every topic of a rule, so that changing it brings no new burst. */
    private record Allowance(boolean publish, String rule, double perSecond) {}

    /**
     * A filter as the app wrote it.
     *
     * @param filter as it holds in the vehicle
     */
    private record Listening(String text, TopicFilter filter, UsageCounter uses) {}

    private final AppSession session;
    private final Map<Allowance, TokenBucket> rates = new HashMap<>();
    private final Remembered<String, Grant> topics;
    private final List<Listening> filters = new ArrayList<>();
    private long epoch;

    MessageDesk(AppSession session) {
        this.session = session;
        this.epoch = session.desk().epoch();
        this.topics = new Remembered<>(MOST_TOPICS, HeldMemory.TOPIC, session.held());
    }

    /**
     * Decides about one topic to publish to.
     *
     * @throws IllegalArgumentException when it is no topic
     */
    Grant publish(String topic) {
        look();
        Grant known = topics.find(topic);
        if (known != null && known.given()) {
            return known;
        }
        boolean cloud = topic.startsWith(Layouts.CLOUD_PREFIX);
        Grant decided =
                decide(cloud ? new AccessRequest.PublishCloud(below(topic)) : new AccessRequest.Publish(topic), true);
        topics.put(topic, decided);
        return decided;
    }

    /**
     * Subscribes the session's mailbox where that is granted.
     *
     * @return OK; PERM when it is not; NOSPC when memory is short
     * @throws IllegalArgumentException when it is no filter
     */
    Status listen(String text) {
        look();
        return listenAs(text);
    }

    private Status listenAs(String text) {
        boolean cloud = text.startsWith(Layouts.CLOUD_PREFIX);
        Grant grant = decide(
                cloud ? new AccessRequest.SubscribeCloud(below(text)) : new AccessRequest.Subscribe(text), false);
        TopicFilter filter = new TopicFilter(inVehicle(text));
        boolean known = listensTo(text);
        if (!grant.given()) {
            forgo(text, known);
            session.services().messages().unsubscribe(filter, session.mail());
            return Status.PERM;
        }
        if (!known && !session.hold(HeldMemory.FILTER)) {
            return Status.NOSPC;
        }
        filters.removeIf(listening -> listening.text().equals(text));
        filters.add(new Listening(text, filter, grant.uses()));
        session.services().messages().subscribe(filter, grant.rate(), session.mail());
        return Status.OK;
    }

    private void forgo(String text, boolean known) {
        if (known) {
            filters.removeIf(listening -> listening.text().equals(text));
            session.held().give(HeldMemory.FILTER);
        }
    }

    private boolean listensTo(String text) {
        return filters.stream().anyMatch(listening -> listening.text().equals(text));
    }

    /** Whether there is room for one more filter, or it is there. */
    boolean roomFor(String text) {
        return filters.size() < MOST_FILTERS || listensTo(text);
    }

    /** Looks at everything anew when the policy has changed: what it gives no longer ends, with what waits of it. */
    void look() {
        if (epoch != session.desk().epoch()) {
            epoch = session.desk().epoch();
            topics.forget();
            rates.clear();
            List.copyOf(filters).forEach(listening -> listenAs(listening.text()));
        }
    }

    /** Counts a message that the app fetched. */
    void received(MessageHub.Message message) {
        for (Listening listening : filters) {
            if (listening.filter().matches(message.topic())) {
                listening.uses().touch(1, message.payload().length);
                return;
            }
        }
    }

    /** A cloud topic belongs to its app; the bridge to the fleet listens there. */
    String inVehicle(String topic) {
        return topic.startsWith(Layouts.CLOUD_PREFIX)
                ? Layouts.CLOUD_PREFIX + session.label().appId() + "/" + below(topic)
                : topic;
    }

    private static String below(String topic) {
        return topic.substring(Layouts.CLOUD_PREFIX.length());
    }

    private Grant decide(AccessRequest request, boolean publish) {
        return switch (session.desk().decide(request)) {
            case Decision.Allow allow ->
                new Grant(true, rate(publish, allow), session.ledger().use(request.line()));
            case Decision.Deny deny -> {
                session.ledger().denied(request.line(), deny.rule(), deny.why());
                yield new Grant(false, null, UsageCounter.ofNobody());
            }
        };
    }

    private @Nullable TokenBucket rate(boolean publish, Decision.Allow allow) {
        OptionalDouble perSecond = perSecond(allow.effective());
        return perSecond.isEmpty()
                ? null
                : rates.computeIfAbsent(
                        new Allowance(publish, allow.rule(), perSecond.getAsDouble()),
                        shared -> new TokenBucket(shared.perSecond(), session.now()));
    }

    private static OptionalDouble perSecond(Capability effective) {
        return switch (effective) {
            case Message message -> message.ratePerSecond();
            case Cloud cloud -> cloud.ratePerSecond();
            default -> OptionalDouble.empty();
        };
    }
}

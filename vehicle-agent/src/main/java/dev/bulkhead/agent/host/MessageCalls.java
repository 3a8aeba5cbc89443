package dev.bulkhead.agent.host;

import dev.bulkhead.agent.sandbox.GuestMemory;
import dev.bulkhead.contract.abi.Layouts;
import dev.bulkhead.contract.abi.Status;
import dev.bulkhead.contract.capability.Capability;
import dev.bulkhead.contract.capability.Cloud;
import dev.bulkhead.contract.capability.Message;
import dev.bulkhead.contract.capability.TopicFilter;
import dev.bulkhead.security.audit.UsageCounter;
import dev.bulkhead.security.policy.AccessRequest;
import dev.bulkhead.security.policy.Decision;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/** Module {@code app}: messages between the apps of this vehicle. Topics under {@code cloud/} are kept apart by app id. */
final class MessageCalls {
    private static final int MOST_TOPICS = 256;
    private static final int MOST_FILTERS = 64;

    private record Topic(boolean granted, @Nullable TokenBucket rate, UsageCounter uses) {}

    private final AppSession session;
    private final Map<String, Topic> topics = new HashMap<>();
    private long epoch;
    private int filters;

    MessageCalls(AppSession session) {
        this.session = session;
        this.epoch = session.desk().epoch();
    }

    void bind(CallTable table) {
        table.four("app.msg_publish", this::publish);
        table.two("app.msg_subscribe", this::subscribe);
        table.two("app.msg_recv", this::receive);
    }

    private long publish(GuestMemory memory, long topic, long topicLength, long pointer, long length) {
        long checked = Guest.check(memory, topic, topicLength, Layouts.LONGEST_NAME);
        if (checked == Guest.OK) {
            checked = Guest.check(memory, pointer, length, Layouts.LONGEST_MESSAGE);
        }
        if (checked != Guest.OK) {
            return checked;
        }
        Optional<String> name = Guest.text(memory, topic, topicLength);
        Optional<Topic> grant = name.flatMap(this::topic);
        if (name.isEmpty() || grant.isEmpty()) {
            return Guest.INVAL;
        }
        if (!grant.get().granted()) {
            return Status.PERM.code();
        }
        TokenBucket rate = grant.get().rate();
        if (rate != null && !rate.take(session.now())) {
            return Status.RATE.code();
        }
        grant.get().uses().touch(1, length);
        if (!session.muted()) {
            byte[] payload = memory.read((int) pointer, (int) length);
            session.services()
                    .messages()
                    .publish(new MessageHub.Message(
                            session.label().appId(), inVehicle(name.get()), payload, session.now()));
        }
        return Guest.OK;
    }

    /** A cloud topic belongs to its app; the bridge to the fleet listens there. */
    private String inVehicle(String topic) {
        return topic.startsWith(Layouts.CLOUD_PREFIX)
                ? Layouts.CLOUD_PREFIX + session.label().appId() + "/" + topic.substring(Layouts.CLOUD_PREFIX.length())
                : topic;
    }

    private Optional<Topic> topic(String name) {
        if (epoch != session.desk().epoch()) {
            epoch = session.desk().epoch();
            topics.clear();
        }
        Topic known = topics.get(name);
        if (known != null && known.granted()) {
            return Optional.of(known);
        }
        try {
            AccessRequest request = name.startsWith(Layouts.CLOUD_PREFIX)
                    ? new AccessRequest.PublishCloud(name.substring(Layouts.CLOUD_PREFIX.length()))
                    : new AccessRequest.Publish(name);
            Topic decided = decide(request);
            if (topics.size() >= MOST_TOPICS) {
                topics.clear();
            }
            topics.put(name, decided);
            return Optional.of(decided);
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private Topic decide(AccessRequest request) {
        return switch (session.desk().decide(request)) {
            case Decision.Allow allow -> {
                OptionalDouble rate = rate(allow.effective());
                yield new Topic(
                        true,
                        rate.isPresent() ? new TokenBucket(rate.getAsDouble(), session.now()) : null,
                        session.ledger().use(request.line()));
            }
            case Decision.Deny deny -> {
                session.ledger().denied(request.line(), deny.rule(), deny.why());
                yield new Topic(false, null, UsageCounter.ofNobody());
            }
        };
    }

    private static OptionalDouble rate(Capability effective) {
        return switch (effective) {
            case Message message -> message.ratePerSecond();
            case Cloud cloud -> cloud.ratePerSecond();
            default -> OptionalDouble.empty();
        };
    }

    private long subscribe(GuestMemory memory, long filter, long length) {
        long checked = Guest.check(memory, filter, length, Layouts.LONGEST_NAME);
        if (checked != Guest.OK) {
            return checked;
        }
        Optional<String> text = Guest.text(memory, filter, length);
        if (text.isEmpty()) {
            return Guest.INVAL;
        }
        if (filters >= MOST_FILTERS) {
            return Status.NOSPC.code();
        }
        try {
            AccessRequest request = text.get().startsWith(Layouts.CLOUD_PREFIX)
                    ? new AccessRequest.SubscribeCloud(text.get().substring(Layouts.CLOUD_PREFIX.length()))
                    : new AccessRequest.Subscribe(text.get());
            if (!decide(request).granted()) {
                return Status.PERM.code();
            }
            session.services().messages().subscribe(new TopicFilter(inVehicle(text.get())), session.mail());
            filters++;
            return Guest.OK;
        } catch (IllegalArgumentException e) {
            return Guest.INVAL;
        }
    }

    private long receive(GuestMemory memory, long out, long cap) {
        long checked = Guest.check(memory, out, cap, Integer.MAX_VALUE);
        if (checked != Guest.OK) {
            return checked;
        }
        MessageHub.Message next = session.mail().peek();
        if (next == null) {
            return Status.AGAIN.code();
        }
        byte[] topic = next.topic().getBytes(StandardCharsets.UTF_8);
        int size = Layouts.MESSAGE_HEADER_BYTES + topic.length + next.payload().length;
        if (size <= cap) {
            ByteBuffer record = ByteBuffer.allocate(size)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putInt(topic.length)
                    .putInt(next.payload().length)
                    .put(topic)
                    .put(next.payload());
            memory.write((int) out, record.array());
            session.mail().take();
        }
        return size;
    }
}

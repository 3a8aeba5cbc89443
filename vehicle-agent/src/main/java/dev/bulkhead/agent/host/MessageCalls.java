package dev.bulkhead.agent.host;

import dev.bulkhead.agent.sandbox.GuestMemory;
import dev.bulkhead.contract.abi.Layouts;
import dev.bulkhead.contract.abi.Status;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Module {@code app}: messages between the apps of this vehicle. Topics under {@code cloud/} are kept apart by app id. */
final class MessageCalls {
    private final AppSession session;
    private final MessageDesk desk;

    MessageCalls(AppSession session) {
        this.session = session;
        this.desk = new MessageDesk(session);
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
        if (name.isEmpty()) {
            return Guest.INVAL;
        }
        try {
            MessageDesk.Grant grant = desk.publish(name.get());
            if (!grant.given()) {
                return Status.PERM.code();
            }
            if (!grant.within(session.now())) {
                return Status.RATE.code();
            }
            if (!session.muted() && !publish(desk.inVehicle(name.get()), memory.read((int) pointer, (int) length))) {
                return Status.NOSPC.code();
            }
            grant.uses().touch(1, length);
        } catch (IllegalArgumentException e) {
            return Guest.INVAL;
        }
        return Guest.OK;
    }

    private boolean publish(String topic, byte[] payload) {
        boolean kept = session.services()
                .messages()
                .publish(session.label().appId(), topic, payload, session.now(), session.held());
        if (!kept) {
            session.outOfMemory(HeldMemory.LAST + payload.length);
        }
        return kept;
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
        if (!desk.roomFor(text.get())) {
            session.exceeded("filters", MessageDesk.MOST_FILTERS, MessageDesk.MOST_FILTERS, "refused");
            return Status.NOSPC.code();
        }
        try {
            return desk.listen(text.get()).code();
        } catch (IllegalArgumentException e) {
            return Guest.INVAL;
        }
    }

    private long receive(GuestMemory memory, long out, long cap) {
        long checked = Guest.check(memory, out, cap, Integer.MAX_VALUE);
        if (checked != Guest.OK) {
            return checked;
        }
        desk.look();
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
            session.mail().take(next);
            desk.received(next);
        }
        return size;
    }
}

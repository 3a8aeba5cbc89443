package dev.bulkhead.agent.host;

import dev.bulkhead.contract.abi.EventKind;
import dev.bulkhead.contract.abi.Status;
import java.util.ArrayDeque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The messages one instance has waiting; one event tells of all of them. Bounded in number and bytes; the oldest is lost first. */
final class MailSource implements EventSource, MessageHub.Mailbox {
    static final int DEPTH = 256;
    static final int MOST_BYTES = 1 << 20;

    private final EventInbox inbox;
    private final ArrayDeque<MessageHub.Message> messages = new ArrayDeque<>();
    private long bytes;
    private long dropped;
    private long unreported;
    private boolean told;

    MailSource(EventInbox inbox) {
        this.inbox = inbox;
    }

    @Override
    public void put(MessageHub.Message message) {
        synchronized (this) {
            messages.addLast(message);
            bytes += message.payload().length;
            while (messages.size() > DEPTH || bytes > MOST_BYTES) {
                bytes -= messages.removeFirst().payload().length;
                dropped++;
                unreported++;
            }
            told = false;
        }
        inbox.ready(this);
    }

    synchronized MessageHub.@Nullable Message peek() {
        return messages.peekFirst();
    }

    synchronized void take() {
        MessageHub.Message taken = messages.pollFirst();
        if (taken != null) {
            bytes -= taken.payload().length;
        }
    }

    /** Takes what waited in another mailbox in place of its own. */
    void inherit(List<MessageHub.Message> earlier) {
        synchronized (this) {
            messages.clear();
            bytes = 0;
        }
        earlier.forEach(this::put);
    }

    synchronized List<MessageHub.Message> waitingMessages() {
        return List.copyOf(messages);
    }

    @Override
    public synchronized void drain(EventWriter writer, int most) {
        if (most > 0 && !told && !messages.isEmpty()) {
            writer.add(
                    EventKind.MESSAGE,
                    Status.OK.code(),
                    0,
                    unreported,
                    messages.size(),
                    0,
                    messages.getLast().timeNanos());
            unreported = 0;
            told = true;
        }
    }

    @Override
    public synchronized int waiting() {
        return told || messages.isEmpty() ? 0 : 1;
    }

    @Override
    public synchronized long dropped() {
        return dropped;
    }
}

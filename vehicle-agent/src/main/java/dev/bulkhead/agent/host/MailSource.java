package dev.bulkhead.agent.host;

import dev.bulkhead.agent.host.MessageHub.Message;
import dev.bulkhead.contract.abi.EventKind;
import dev.bulkhead.contract.abi.Status;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The messages one instance has waiting; one event tells of all of them. Bounded in number and bytes; the oldest is lost first. */
final class MailSource implements EventSource {
    static final int DEPTH = 256;
    static final int MOST_BYTES = 1 << 20;

    private final EventInbox inbox;
    private final HeldMemory held;

    // guarded by this
    private final ArrayDeque<Message> messages = new ArrayDeque<>();
    private long bytes;
    private long dropped;
    private long unreported;
    private boolean told;

    MailSource(EventInbox inbox, HeldMemory held) {
        this.inbox = inbox;
        this.held = held;
    }

    void put(Message message) {
        synchronized (this) {
            add(message);
            told = false;
        }
        inbox.ready(this);
    }

    /** Where memory is short the oldest are lost for it, and it itself if that is not enough. */
    private synchronized void add(Message message) {
        boolean room = held.take(cost(message));
        while (!room && !messages.isEmpty()) {
            loseOldest();
            room = held.take(cost(message));
        }
        if (!room) {
            lost();
            return;
        }
        messages.addLast(message);
        bytes += message.payload().length;
        while (messages.size() > DEPTH || bytes > MOST_BYTES) {
            loseOldest();
        }
    }

    private static long cost(Message message) {
        return HeldMemory.MESSAGE + message.payload().length;
    }

    private void loseOldest() {
        gone(messages.removeFirst());
        lost();
    }

    private void gone(Message message) {
        bytes -= message.payload().length;
        held.give(cost(message));
    }

    /** Counts a message that did not get in. */
    synchronized void lost() {
        dropped++;
        unreported++;
    }

    synchronized @Nullable Message peek() {
        return messages.peekFirst();
    }

    /** Takes the message that {@link #peek} showed, unless it was lost meanwhile. */
    synchronized void take(Message shown) {
        if (messages.remove(shown)) {
            gone(shown);
        }
    }

    /** Takes those that match out, in their order. */
    synchronized List<Message> takeAll(Predicate<Message> which) {
        List<Message> taken = new ArrayList<>();
        messages.removeIf(message -> which.test(message) && taken.add(message));
        taken.forEach(this::gone);
        return taken;
    }

    /** How many were lost that the app was not told of; it is told elsewhere. */
    synchronized long takeUnreported() {
        long taken = unreported;
        unreported = 0;
        return taken;
    }

    /**
     * Adds messages that waited elsewhere; the app is told of all that wait.
     *
     * @param lost how many were lost there; they are told of, and counted there
     */
    void refill(Collection<Message> earlier, long lost) {
        synchronized (this) {
            earlier.forEach(this::add);
            unreported += lost;
            told = false;
        }
        inbox.ready(this);
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

    /** How many messages wait to be fetched. */
    synchronized int depth() {
        return messages.size();
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

package dev.bulkhead.agent.host;

import dev.bulkhead.contract.abi.EventKind;
import java.util.ArrayDeque;

/** Rare events without a source of their own: actuator lost, configuration changed, budget warning. Bounded; the oldest is lost first. */
final class NoticeSource implements EventSource {
    static final int DEPTH = 64;

    private record Notice(EventKind kind, int status, int handle, long aux, long value, long timeNanos) {}

    private final EventInbox inbox;
    private final ArrayDeque<Notice> notices = new ArrayDeque<>();
    private long dropped;
    private long unreported;

    NoticeSource(EventInbox inbox) {
        this.inbox = inbox;
    }

    void add(EventKind kind, int status, int handle, long aux, long value, long timeNanos) {
        synchronized (this) {
            if (notices.size() == DEPTH) {
                notices.removeFirst();
                dropped++;
                unreported++;
            }
            notices.add(new Notice(kind, status, handle, aux, value, timeNanos));
        }
        inbox.ready(this);
    }

    @Override
    public synchronized void drain(EventWriter writer, int most) {
        for (int i = 0; i < most && !notices.isEmpty(); i++) {
            Notice next = notices.removeFirst();
            writer.add(next.kind, next.status, next.handle, unreported, next.aux, next.value, next.timeNanos);
            unreported = 0;
        }
    }

    @Override
    public synchronized int waiting() {
        return notices.size();
    }

    @Override
    public synchronized long dropped() {
        return dropped;
    }
}

package dev.bulkhead.agent.host;

import dev.bulkhead.contract.abi.EventKind;
import dev.bulkhead.contract.abi.Status;
import dev.bulkhead.hal.can.CanBus;
import dev.bulkhead.hal.can.CanFilter;
import dev.bulkhead.hal.can.CanPort;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One port on a bus as a source of events: one event tells of all frames that wait. It can move to the next version's inbox. */
final class CanFeed implements EventSource {
    /** Frames that may wait. */
    static final int DEPTH = 1_024;

    private volatile EventInbox inbox;
    private volatile int handle;
    private volatile boolean told;
    private volatile @Nullable CanPort port;
    private long droppedTold;

    CanFeed(EventInbox inbox, int handle) {
        this.inbox = inbox;
        this.handle = handle;
    }

    void open(CanBus bus, List<CanFilter> filters) {
        port = bus.open(filters, DEPTH, this::announce);
        inbox.reserve(this, 0);
    }

    private void announce() {
        told = false;
        inbox.ready(this);
    }

    @Nullable
    CanPort port() {
        return port;
    }

    /** After frames were taken: what is left is told of again. */
    void afterRead() {
        if (port != null && framesWaiting() > 0) {
            announce();
        }
    }

    private int framesWaiting() {
        CanPort from = port;
        return from == null ? 0 : from.waiting();
    }

    /** From now on events go there. */
    void moveTo(EventInbox next, int nextHandle) {
        inbox.forget(this, 0);
        inbox = next;
        handle = nextHandle;
        next.reserve(this, 0);
        if (framesWaiting() > 0) {
            announce();
        }
    }

    @Override
    public void drain(EventWriter writer, int most) {
        int frames = framesWaiting();
        if (most > 0 && !told && frames > 0) {
            long dropped = dropped();
            told = true;
            writer.add(EventKind.CAN_FRAMES, Status.OK.code(), handle, dropped - droppedTold, frames, 0, 0);
            droppedTold = dropped;
        }
    }

    @Override
    public int waiting() {
        return told || framesWaiting() == 0 ? 0 : 1;
    }

    @Override
    public long dropped() {
        CanPort from = port;
        return from == null ? 0 : from.dropped();
    }

    void close() {
        inbox.forget(this, 0);
        CanPort from = port;
        if (from != null) {
            from.close();
        }
    }
}

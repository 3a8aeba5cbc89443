package dev.bulkhead.hal.can;

import java.util.List;

/** One program's place on a bus: what it hears waits in a queue of its own; sending and closing are the bus's matter. */
final class QueuedPort implements CanPort {
    /** The bus a port is on. */
    interface Bus {
        CanSendResult send(CanFrame frame, QueuedPort from);

        void leave(QueuedPort port);
    }

    private final FrameQueue queue;
    private final Bus bus;

    QueuedPort(FrameQueue queue, Bus bus) {
        this.queue = queue;
        this.bus = bus;
    }

    FrameQueue queue() {
        return queue;
    }

    @Override
    public CanSendResult send(CanFrame frame) {
        return bus.send(frame, this);
    }

    @Override
    public int receive(int max, FrameSink sink) {
        return queue.receive(max, sink);
    }

    @Override
    public void filters(List<CanFilter> filters) {
        queue.filters(filters);
    }

    @Override
    public int waiting() {
        return queue.size();
    }

    @Override
    public long dropped() {
        return queue.dropped();
    }

    @Override
    public void close() {
        bus.leave(this);
    }
}

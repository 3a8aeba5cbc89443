package dev.bulkhead.hal.can;

import dev.bulkhead.hal.HalException;
import dev.bulkhead.hal.can.CanBusStatus.State;
import dev.bulkhead.hal.time.VehicleClock;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A bus whose other end is a real one: hands incoming frames to all ports, outgoing ones to the link and then to the other ports, as a
 * kernel does. Down until its driver says otherwise. Thread-safe.
 */
public final class LinkedCanBus implements CanBus {
    /** Most ports open at a time. */
    public static final int MAX_PORTS = 256;

    /** Where frames leave the house. */
    @FunctionalInterface
    public interface Link {
        /** Sends or says why not; must not block. */
        CanSendResult transmit(CanFrame frame);
    }

    private final String name;
    private final boolean fd;
    private final VehicleClock clock;
    private final Link link;
    private final List<QueuedPort> ports = new CopyOnWriteArrayList<>();
    private final AtomicLong received = new AtomicLong();
    private final AtomicLong sent = new AtomicLong();
    private final AtomicLong dropped = new AtomicLong();
    private final AtomicLong errors = new AtomicLong();
    private volatile State state = State.DOWN;
    private final QueuedPort.Bus seat = new QueuedPort.Bus() {
        @Override
        public CanSendResult send(CanFrame frame, QueuedPort from) {
            return LinkedCanBus.this.send(frame, from);
        }

        @Override
        public void leave(QueuedPort port) {
            ports.remove(port);
        }
    };

    public LinkedCanBus(String name, boolean fd, VehicleClock clock, Link link) {
        this.name = name;
        this.fd = fd;
        this.clock = clock;
        this.link = link;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public boolean fd() {
        return fd;
    }

    @Override
    public CanPort open(List<CanFilter> filters, int depth, CanPort.Reader reader) {
        if (ports.size() >= MAX_PORTS) {
            throw new HalException("bus " + name + " has its limit of " + MAX_PORTS + " open ports; close one");
        }
        QueuedPort port = new QueuedPort(new FrameQueue(filters, depth, reader), seat);
        ports.add(port);
        return port;
    }

    /** A frame came from outside. The caller holds no lock: readers may take it in before this returns. */
    public void received(CanFrame frame, long timeNanos) {
        received.incrementAndGet();
        if (frame.isError()) {
            errors.incrementAndGet();
            ErrorFrames.stateOf(frame).ifPresent(told -> state = told);
        }
        for (QueuedPort port : ports) {
            put(frame, timeNanos, port);
            port.queue().wakeReaderOnWire();
        }
    }

    /** Frames were lost before they came here. */
    public void lost(long frames) {
        dropped.addAndGet(frames);
    }

    /** What the driver knows of the other end. */
    public void state(State now) {
        state = now;
    }

    @Override
    public CanBusStatus status() {
        return new CanBusStatus(state, received.get(), sent.get(), dropped.get(), errors.get());
    }

    @Override
    public void close() {
        state = State.DOWN;
        ports.clear();
    }

    private void put(CanFrame frame, long timeNanos, QueuedPort port) {
        if (port.queue().offer(frame, timeNanos)) {
            dropped.incrementAndGet();
        }
    }

    private void toOthers(CanFrame frame, long timeNanos, QueuedPort from) {
        for (QueuedPort port : ports) {
            if (port != from) {
                put(frame, timeNanos, port);
                port.queue().wakeReader();
            }
        }
    }

    private CanSendResult send(CanFrame frame, QueuedPort from) {
        if (frame.isError() || (frame.isFd() && !fd)) {
            return CanSendResult.NOT_CARRIED;
        }
        if (!ports.contains(from)) {
            return CanSendResult.NO_DEVICE;
        }
        if (state == State.BUS_OFF) {
            return CanSendResult.BUS_OFF;
        }
        CanSendResult result = link.transmit(frame);
        if (result == CanSendResult.SENT) {
            sent.incrementAndGet();
            toOthers(frame, clock.nanos(), from);
        }
        return result;
    }
}

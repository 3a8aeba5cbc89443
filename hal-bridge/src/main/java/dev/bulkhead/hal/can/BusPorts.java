package dev.bulkhead.hal.can;

import dev.bulkhead.hal.HalException;
import dev.bulkhead.hal.can.CanBusStatus.State;
import dev.bulkhead.hal.time.VehicleClock;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The ports of a bus whose other end is a real one: hands incoming frames to all of them, outgoing ones to the link and then to the
 * other ports, as a kernel does. Thread-safe.
 */
public final class BusPorts {
    /** Most ports open at a time. */
    public static final int MAX_PORTS = 256;

    /** Where frames leave the house. */
    @FunctionalInterface
    public interface Link {
        /** Sends or says why not; must not block. */
        CanSendResult transmit(CanFrame frame);
    }

    private final String bus;
    private final boolean fd;
    private final VehicleClock clock;
    private final Link link;
    private final List<Port> ports = new CopyOnWriteArrayList<>();
    private final AtomicLong received = new AtomicLong();
    private final AtomicLong sent = new AtomicLong();
    private final AtomicLong dropped = new AtomicLong();
    private final AtomicLong errors = new AtomicLong();
    private volatile State state = State.DOWN;

    public BusPorts(String bus, boolean fd, VehicleClock clock, Link link) {
        this.bus = bus;
        this.fd = fd;
        this.clock = clock;
        this.link = link;
    }

    public CanPort open(List<CanFilter> filters, int depth, Runnable onReady) {
        if (ports.size() >= MAX_PORTS) {
            throw new HalException("bus " + bus + " has its limit of " + MAX_PORTS + " open ports; close one");
        }
        Port port = new Port(new FrameQueue(filters, depth, onReady));
        ports.add(port);
        return port;
    }

    /** A frame came from outside. */
    public void received(CanFrame frame, long timeNanos) {
        received.incrementAndGet();
        if (frame.isError()) {
            errors.incrementAndGet();
            ErrorFrames.stateOf(frame).ifPresent(told -> state = told);
        }
        distribute(frame, timeNanos, null);
    }

    /** Frames were lost before they came here. */
    public void lost(long frames) {
        dropped.addAndGet(frames);
    }

    public void state(State now) {
        state = now;
    }

    public CanBusStatus status() {
        return new CanBusStatus(state, received.get(), sent.get(), dropped.get(), errors.get());
    }

    /** Forgets all ports. */
    public void close() {
        state = State.DOWN;
        ports.clear();
    }

    private void distribute(CanFrame frame, long timeNanos, @Nullable Port from) {
        for (Port port : ports) {
            if (port != from) {
                if (port.queue.offer(frame, timeNanos)) {
                    dropped.incrementAndGet();
                }
                port.queue.wakeReader();
            }
        }
    }

    private CanSendResult send(CanFrame frame, Port from) {
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
            distribute(frame, clock.nanos(), from);
        }
        return result;
    }

    private final class Port implements CanPort {
        private final FrameQueue queue;

        private Port(FrameQueue queue) {
            this.queue = queue;
        }

        @Override
        public CanSendResult send(CanFrame frame) {
            return BusPorts.this.send(frame, this);
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
            ports.remove(this);
        }
    }
}

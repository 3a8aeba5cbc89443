package dev.bulkhead.hal.can;

import dev.bulkhead.hal.HalException;
import dev.bulkhead.hal.time.VehicleClock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * A bus in memory: what one port sends, every other port with a fitting filter receives, in the same order everywhere. Its state can be
 * forced, to play a fault. Thread-safe.
 */
public final class VirtualCanBus implements CanBus {
    /** Most ports open at a time. */
    public static final int MAX_PORTS = 256;

    private final String name;
    private final boolean fd;
    private final VehicleClock clock;
    private final List<QueuedPort> ports = new CopyOnWriteArrayList<>();

    // guarded by this
    private CanBusStatus.State state = CanBusStatus.State.ACTIVE;
    private long sent;
    private long dropped;
    private long errors;

    private final QueuedPort.Bus seat = new QueuedPort.Bus() {
        @Override
        public CanSendResult send(CanFrame frame, QueuedPort from) {
            return VirtualCanBus.this.send(frame, from, clock.nanos());
        }

        @Override
        public void leave(QueuedPort port) {
            ports.remove(port);
        }
    };

    public VirtualCanBus(String name, boolean fd, VehicleClock clock) {
        this.name = name;
        this.fd = fd;
        this.clock = clock;
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
    public synchronized CanPort open(List<CanFilter> filters, int depth, CanPort.Reader reader) {
        if (ports.size() >= MAX_PORTS) {
            throw new HalException("bus " + name + " has its limit of " + MAX_PORTS + " open ports; close one");
        }
        QueuedPort port = new QueuedPort(new FrameQueue(filters, depth, reader), seat);
        ports.add(port);
        return port;
    }

    @Override
    public synchronized CanBusStatus status() {
        return new CanBusStatus(state, sent, sent, dropped, errors);
    }

    /** Forces a fault confinement state. In {@code BUS_OFF} and {@code DOWN} nothing can be sent. Reported by an error frame. */
    public void force(CanBusStatus.State wanted) {
        synchronized (this) {
            if (state == wanted) {
                return;
            }
            state = wanted;
        }
        switch (wanted) {
            case BUS_OFF -> report(CanFrame.error(0x40, new byte[8]));
            case ACTIVE -> report(CanFrame.error(0x100, new byte[8]));
            case WARNING -> report(CanFrame.error(0x4, (byte) 0, (byte) 0x08, (byte) 0, (byte) 0, (byte) 0));
            case PASSIVE -> report(CanFrame.error(0x4, (byte) 0, (byte) 0x20, (byte) 0, (byte) 0, (byte) 0));
            case DOWN -> {}
        }
    }

    /** Puts an error frame on the bus, as a controller would report it. */
    public void report(CanFrame error) {
        if (!error.isError()) {
            throw new IllegalArgumentException(error + " is no error frame");
        }
        List<QueuedPort> heard;
        synchronized (this) {
            errors++;
            heard = distribute(error, null, clock.nanos());
        }
        heard.forEach(port -> port.queue().wakeReader());
    }

    @Override
    public void close() {
        force(CanBusStatus.State.DOWN);
        ports.clear();
    }

    /** Puts a frame on the bus that was on it at another time, as when it comes from a log; refused as any other. */
    public CanSendResult carry(CanFrame frame, long timeNanos) {
        return send(frame, null, timeNanos);
    }

    private CanSendResult send(CanFrame frame, @Nullable QueuedPort from, long timeNanos) {
        List<QueuedPort> heard;
        synchronized (this) {
            if (frame.isError() || (frame.isFd() && !fd)) {
                return CanSendResult.NOT_CARRIED;
            }
            if (state == CanBusStatus.State.DOWN || (from != null && !ports.contains(from))) {
                return CanSendResult.NO_DEVICE;
            }
            if (state == CanBusStatus.State.BUS_OFF) {
                return CanSendResult.BUS_OFF;
            }
            sent++;
            heard = distribute(frame, from, timeNanos);
        }
        heard.forEach(port -> port.queue().wakeReader());
        return CanSendResult.SENT;
    }

    private List<QueuedPort> distribute(CanFrame frame, @Nullable QueuedPort from, long timeNanos) {
        List<QueuedPort> heard = new ArrayList<>(ports.size());
        for (QueuedPort port : ports) {
            if (port != from) {
                if (port.queue().offer(frame, timeNanos)) {
                    dropped++;
                }
                heard.add(port);
            }
        }
        return heard;
    }
}

package dev.bulkhead.hal.driver.socketcan;

import dev.bulkhead.hal.can.CanBusStatus;
import dev.bulkhead.hal.can.CanFilter;
import dev.bulkhead.hal.can.CanFrame;
import dev.bulkhead.hal.can.CanPort;
import dev.bulkhead.hal.can.CanSendResult;
import dev.bulkhead.hal.can.LinkedCanBus;
import dev.bulkhead.hal.driver.Driver;
import dev.bulkhead.hal.driver.DriverContext;
import dev.bulkhead.hal.driver.DriverException;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A CAN interface of this machine as a bus. When the interface goes down or away the bus is {@code DOWN}; when it comes back the driver
 * is there again by itself. Thread-safe.
 */
public final class SocketCanDriver implements Driver {
    private static final Logger LOG = LoggerFactory.getLogger(SocketCanDriver.class);
    private static final Pattern INTERFACE = Pattern.compile("[A-Za-z0-9_.:-]{1,15}");
    private static final int POLL_MILLIS = 200;
    private static final int PAUSE_MILLIS = 500;
    private static final int BATCH = 256;

    private final String interfaceName;
    private final String busName;
    private final boolean fd;
    private final List<CanFilter> filters;
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile @Nullable CanSocket socket;
    private @Nullable LinkedCanBus bus;
    private @Nullable Thread reader;

    /**
     * @param interfaceName as the kernel calls it
     * @param busName as apps call it
     * @param fd whether to take and send FD frames
     * @param filters what the kernel shall let through; none: everything
     */
    public SocketCanDriver(String interfaceName, String busName, boolean fd, List<CanFilter> filters) {
        if (!INTERFACE.matcher(interfaceName).matches()) {
            throw new IllegalArgumentException("'" + interfaceName + "' is no interface name");
        }
        if (filters.size() > CanPort.MAX_FILTERS) {
            throw new IllegalArgumentException(filters.size() + " filters, at most " + CanPort.MAX_FILTERS);
        }
        this.interfaceName = interfaceName;
        this.busName = busName;
        this.fd = fd;
        this.filters = List.copyOf(filters);
    }

    @Override
    public String name() {
        return "socketcan:" + interfaceName;
    }

    @Override
    public void start(DriverContext context) {
        LibC libc = new LibC();
        if (CanSocket.open(libc, interfaceName, fd, filters) instanceof CanSocket.Opened.Ready ready) {
            socket = ready.socket();
        } else if (!hasCan(libc)) {
            throw new DriverException("this kernel has no CAN; load the modules can and can_raw");
        }
        LinkedCanBus made = new LinkedCanBus(busName, fd, context.clock(), this::transmit);
        bus = made;
        context.attach(made);
        reader = Thread.ofPlatform().daemon().name(name()).start(() -> read(libc, made, context));
    }

    private boolean hasCan(LibC libc) {
        return !(CanSocket.open(libc, "lo", false, List.of()) instanceof CanSocket.Opened.Failed failed)
                || failed.errno() != LibC.EAFNOSUPPORT;
    }

    private void read(LibC libc, LinkedCanBus to, DriverContext context) {
        KernelTime time = new KernelTime(context.clock());
        try {
            while (closed.getCount() > 0) {
                CanSocket open = socket;
                if (open == null
                        && CanSocket.open(libc, interfaceName, fd, filters) instanceof CanSocket.Opened.Ready ready) {
                    open = ready.socket();
                    socket = open;
                }
                if (open == null || !readUntilTrouble(open, to, time)) {
                    closed.await(PAUSE_MILLIS, TimeUnit.MILLISECONDS);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            drop();
        }
    }

    /** Reads until closed (true) or until the interface is in trouble (false). */
    private boolean readUntilTrouble(CanSocket open, LinkedCanBus to, KernelTime time) {
        to.state(CanBusStatus.State.ACTIVE);
        long[] lost = {0};
        while (closed.getCount() > 0) {
            int errno = open.read(POLL_MILLIS, BATCH, (frame, kernelNanos, lostSoFar) -> {
                if (lostSoFar > lost[0]) {
                    to.lost(lostSoFar - lost[0]);
                    lost[0] = lostSoFar;
                }
                to.received(frame, time.vehicleNanos(kernelNanos));
            });
            if (errno != 0) {
                LOG.warn("CAN interface {} is down (errno {}); waiting for it", interfaceName, errno);
                to.state(CanBusStatus.State.DOWN);
                drop();
                return false;
            }
        }
        return true;
    }

    private void drop() {
        CanSocket open = socket;
        socket = null;
        if (open != null) {
            open.close();
        }
    }

    private CanSendResult transmit(CanFrame frame) {
        CanSocket open = socket;
        return open == null ? CanSendResult.NO_DEVICE : open.write(frame);
    }

    @Override
    public void close() {
        closed.countDown();
        Thread running = reader;
        if (running != null) {
            try {
                running.join(10L * POLL_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        if (bus != null) {
            bus.close();
        }
    }
}

package dev.bulkhead.hal.driver.socketcand;

import dev.bulkhead.hal.can.CanBusStatus;
import dev.bulkhead.hal.can.CanFrame;
import dev.bulkhead.hal.can.CanSendResult;
import dev.bulkhead.hal.can.LinkedCanBus;
import dev.bulkhead.hal.driver.Driver;
import dev.bulkhead.hal.driver.DriverContext;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes a bus from a socketcand on another machine and offers it here under a name of our own. Connects again by itself when the
 * connection breaks; meanwhile the bus is {@code DOWN}. Thread-safe.
 */
public final class SocketcandDriver implements Driver {
    private static final Logger LOG = LoggerFactory.getLogger(SocketcandDriver.class);
    private static final long FIRST_PAUSE_MILLIS = 250;
    private static final long LONGEST_PAUSE_MILLIS = 10_000;

    private final InetSocketAddress server;
    private final String remoteBus;
    private final String localBus;
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile @Nullable ClientConnection connection;
    private @Nullable LinkedCanBus bus;

    /**
     * @param remoteBus the bus as the server calls it
     * @param localBus the bus as apps call it
     */
    public SocketcandDriver(InetSocketAddress server, String remoteBus, String localBus) {
        this.server = server;
        this.remoteBus = remoteBus;
        this.localBus = localBus;
    }

    @Override
    public String name() {
        return "socketcand:" + localBus;
    }

    @Override
    public void start(DriverContext context) {
        LinkedCanBus made = new LinkedCanBus(localBus, false, context.clock(), this::transmit);
        bus = made;
        context.attach(made);
        Thread.ofVirtual().name(name()).start(() -> stayConnected(made, context));
    }

    private void stayConnected(LinkedCanBus to, DriverContext context) {
        long pause = FIRST_PAUSE_MILLIS;
        try {
            do {
                boolean wasUp = connectOnce(to, context);
                pause = wasUp ? FIRST_PAUSE_MILLIS : Math.min(LONGEST_PAUSE_MILLIS, pause * 2);
            } while (!closed.await(pause, TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** One connection from beginning to end; true when it had been up. */
    private boolean connectOnce(LinkedCanBus to, DriverContext context) {
        try (ClientConnection made = new ClientConnection(server, remoteBus)) {
            connection = made;
            if (closed.getCount() == 0) {
                return true;
            }
            to.state(CanBusStatus.State.ACTIVE);
            LOG.info("bus {} is {} of socketcand {}", localBus, remoteBus, server);
            made.readFrames(frame -> to.received(frame, context.clock().nanos()));
            return true;
        } catch (IOException e) {
            boolean wasUp = to.status().state() != CanBusStatus.State.DOWN;
            if (wasUp) {
                LOG.warn("socketcand {} lost: {}; trying again", server, e.getMessage());
            } else {
                LOG.debug("socketcand {} not reached: {}", server, e.getMessage());
            }
            return wasUp;
        } finally {
            connection = null;
            to.state(CanBusStatus.State.DOWN);
        }
    }

    private CanSendResult transmit(CanFrame frame) {
        ClientConnection up = connection;
        return up == null ? CanSendResult.NO_DEVICE : up.transmit(frame);
    }

    @Override
    public void close() {
        closed.countDown();
        ClientConnection up = connection;
        if (up != null) {
            up.close();
        }
        if (bus != null) {
            bus.close();
        }
    }
}

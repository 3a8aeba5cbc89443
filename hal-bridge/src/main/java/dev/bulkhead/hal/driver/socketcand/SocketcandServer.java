package dev.bulkhead.hal.driver.socketcand;

import dev.bulkhead.hal.can.CanBus;
import dev.bulkhead.hal.door.PeerCount;
import dev.bulkhead.hal.time.VehicleClock;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lends buses to socketcand clients (protocol of linux-can/socketcand, raw mode). Whoever reaches the port may read and send on every
 * bus it offers, so bind it to loopback. Thread-safe.
 */
public final class SocketcandServer implements AutoCloseable {
    /** Where clients look for it. */
    public static final int DEFAULT_PORT = 29536;

    /** Most clients at a time. */
    public static final int MAX_CLIENTS = 32;

    /** Most clients of one address at a time. */
    public static final int MAX_OF_ONE_PEER = 24;

    private static final Logger LOG = LoggerFactory.getLogger(SocketcandServer.class);

    private final InetSocketAddress address;
    private final Function<String, Optional<CanBus>> buses;
    private final VehicleClock clock;
    private final PeerCount peers = new PeerCount(MAX_CLIENTS, MAX_OF_ONE_PEER);
    private final Set<ServerSession> sessions = ConcurrentHashMap.newKeySet();
    private final ServerSocket listener;

    /**
     * Does nothing yet.
     *
     * @param address where to listen; port 0 takes a free one
     * @param buses finds the bus a client asks for
     */
    public SocketcandServer(InetSocketAddress address, Function<String, Optional<CanBus>> buses, VehicleClock clock)
            throws IOException {
        this.address = address;
        this.buses = buses;
        this.clock = clock;
        this.listener = new ServerSocket();
    }

    /** Begins to listen; returns the port. */
    public int start() throws IOException {
        listener.setReuseAddress(true);
        listener.bind(address, MAX_CLIENTS);
        Thread.ofVirtual().name("socketcand-accept").start(this::accept);
        return listener.getLocalPort();
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                admit(listener.accept());
            } catch (SocketException e) {
                LOG.debug("socketcand listener closed");
            } catch (IOException e) {
                LOG.warn("socketcand cannot accept a client: {}", e.getMessage());
            }
        }
    }

    private void admit(Socket socket) throws IOException {
        InetAddress peer = socket.getInetAddress();
        if (!peers.enter(peer)) {
            LOG.warn("socketcand client {} refused, {} are connected", socket.getRemoteSocketAddress(), peers.total());
            socket.close();
            return;
        }
        ServerSession session = new ServerSession(socket, buses, clock, ended -> {
            if (sessions.remove(ended)) {
                peers.leave(peer);
            }
        });
        sessions.add(session);
        session.start();
    }

    /** How many clients are connected. */
    public int clients() {
        return sessions.size();
    }

    @Override
    public void close() {
        try {
            listener.close();
        } catch (IOException e) {
            LOG.debug("closing the socketcand listener: {}", e.getMessage());
        }
        sessions.forEach(ServerSession::close);
    }
}

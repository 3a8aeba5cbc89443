package dev.bulkhead.hal.driver.socketcand;

import dev.bulkhead.hal.time.Scheduled;
import dev.bulkhead.hal.time.Scheduler;
import dev.bulkhead.hal.time.VehicleClock;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says over UDP, every {@value #EVERY_MILLIS} ms, that there is a socketcand, where, and with which buses: a {@code CANBeacon} as socketcand
 * broadcasts it. It tells strangers what this machine has, so it goes only where it is told to. Thread-safe.
 */
public final class SocketcandBeacon implements AutoCloseable {
    /** Where clients listen for it. */
    public static final int DEFAULT_PORT = 42000;

    static final long EVERY_MILLIS = 3_000;

    private static final Logger LOG = LoggerFactory.getLogger(SocketcandBeacon.class);
    private static final int MOST_BUSES = 32;

    private final InetSocketAddress listeners;
    private final InetSocketAddress server;
    private final Supplier<List<String>> buses;
    private final VehicleClock clock;
    private final Scheduler scheduler;
    private @Nullable DatagramSocket socket;
    private @Nullable Scheduled next;

    /**
     * @param listeners an address, maybe one for broadcast
     * @param server where the socketcand is
     * @param buses what its buses are called, asked each time
     */
    public SocketcandBeacon(
            InetSocketAddress listeners,
            InetSocketAddress server,
            Supplier<List<String>> buses,
            VehicleClock clock,
            Scheduler scheduler) {
        this.listeners = listeners;
        this.server = server;
        this.buses = buses;
        this.clock = clock;
        this.scheduler = scheduler;
    }

    /** Sends the first one at once. */
    public synchronized void start() throws IOException {
        DatagramSocket opened = new DatagramSocket();
        opened.setBroadcast(true);
        socket = opened;
        opened.send(packet());
        later();
    }

    private void later() {
        next = scheduler.at(clock.nanos() + EVERY_MILLIS * 1_000_000, this::call);
    }

    private synchronized void call() {
        DatagramSocket open = socket;
        if (open == null) {
            return;
        }
        try {
            open.send(packet());
        } catch (IOException e) {
            LOG.debug("beacon not sent: {}", e.getMessage());
        }
        later();
    }

    private DatagramPacket packet() {
        byte[] text = text().getBytes(StandardCharsets.UTF_8);
        return new DatagramPacket(text, text.length, listeners);
    }

    private String text() {
        StringBuilder xml =
                new StringBuilder("<CANBeacon name=\"bulkhead\" type=\"SocketCAN\" description=\"bulkhead\">\n");
        xml.append("<URL>can://")
                .append(server.getAddress().getHostAddress())
                .append(':')
                .append(server.getPort())
                .append("</URL>\n");
        buses.get().stream()
                .limit(MOST_BUSES)
                .forEach(bus -> xml.append("<Bus name=\"").append(escaped(bus)).append("\"/>\n"));
        return xml.append("</CANBeacon>").toString();
    }

    private static String escaped(String name) {
        return name.replace("&", "&amp;").replace("<", "&lt;").replace("\"", "&quot;");
    }

    @Override
    public synchronized void close() {
        if (next != null) {
            next.cancel();
        }
        if (socket != null) {
            socket.close();
            socket = null;
        }
    }
}

package dev.bulkhead.agent.tools;

import dev.bulkhead.contract.capability.SignalActuate;
import dev.bulkhead.contract.capability.SignalGlob;
import dev.bulkhead.hal.can.CanBus;
import dev.bulkhead.hal.databroker.BrokerAccess;
import dev.bulkhead.hal.databroker.DatabrokerServer;
import dev.bulkhead.hal.databroker.OpenAccess;
import dev.bulkhead.hal.databroker.TokenAccess;
import dev.bulkhead.hal.databroker.TokenVerifier;
import dev.bulkhead.hal.driver.socketcand.SocketcandBeacon;
import dev.bulkhead.hal.driver.socketcand.SocketcandServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.function.Function;

/** The doors that are open, on loopback only. Thread-safe. */
public final class ToolDoors implements AutoCloseable {
    private static final long FLUSH_NANOS = 1_000_000_000L;

    private final ToolParts parts;
    private final InstantSource time;
    private final Desk desk;
    private final VisitorLedger ledger;
    private final FrameGate gate;
    private final Deque<Runnable> shutting = new ArrayDeque<>();
    private Optional<Integer> socketcandPort = Optional.empty();
    private Optional<Integer> databrokerPort = Optional.empty();
    private boolean closed;

    private ToolDoors(ToolParts parts) {
        this.parts = parts;
        this.time = () -> Instant.ofEpochMilli(parts.clock().unixMillis());
        this.desk = new Desk(parts.policy());
        this.ledger = new VisitorLedger(parts.trail(), time);
        this.gate = new FrameGate(desk, ledger, parts.signals(), parts.clock());
    }

    /**
     * Opens what is wanted, all of it or nothing.
     *
     * @throws UncheckedIOException naming the port that cannot be had
     */
    public static ToolDoors open(ToolPorts ports, ToolParts parts) {
        ToolDoors doors = new ToolDoors(parts);
        try {
            doors.openAll(ports);
        } catch (RuntimeException e) {
            doors.close();
            throw e;
        }
        return doors;
    }

    private synchronized void openAll(ToolPorts ports) {
        socketcandPort = ports.socketcand().map(port -> socketcand(port, ports.visitors()));
        socketcandPort.ifPresent(port -> ports.beacon().ifPresent(listeners -> beacon(listeners, port)));
        databrokerPort = ports.databroker().map(port -> databroker(port, ports.visitors()));
        if (!shutting.isEmpty()) {
            flushLater();
        }
    }

    private int socketcand(int port, Visitors visitors) {
        try {
            SocketcandServer server = new SocketcandServer(loopback(port), buses(visitors), parts.clock());
            shutting.push(server::close);
            return server.start();
        } catch (IOException e) {
            throw taken("socketcand", port, e);
        }
    }

    private void beacon(InetSocketAddress listeners, int port) {
        SocketcandBeacon beacon =
                new SocketcandBeacon(listeners, loopback(port), parts.busNames(), parts.clock(), parts.scheduler());
        shutting.push(beacon::close);
        try {
            beacon.start();
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "cannot send a beacon to " + listeners + ": " + e.getMessage() + "; 127.0.0.1:42000 is usual", e);
        }
    }

    private int databroker(int port, Visitors visitors) {
        DatabrokerServer server = new DatabrokerServer(
                loopback(port), access(visitors), parts.signals(), parts.actuators(), parts.clock(), parts.scheduler());
        shutting.push(server::close);
        try {
            return server.start();
        } catch (IOException e) {
            throw taken("databroker", port, e);
        }
    }

    private static InetSocketAddress loopback(int port) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    private static UncheckedIOException taken(String door, int port, IOException cause) {
        return new UncheckedIOException(
                "cannot open the " + door + " door on port " + port + " of loopback: " + cause.getMessage()
                        + "; 0 takes a free one",
                cause);
    }

    private Function<String, Optional<CanBus>> buses(Visitors visitors) {
        return switch (visitors) {
            case Visitors.Everybody everybody -> parts.buses();
            case Visitors.Readers readers -> this::policed;
            case Visitors.TokenHolders holders -> this::policed;
        };
    }

    private Optional<CanBus> policed(String name) {
        return parts.buses().apply(name).map(bus -> new PolicedBus(bus, gate));
    }

    private BrokerAccess access(Visitors visitors) {
        return switch (visitors) {
            case Visitors.Everybody everybody -> new OpenAccess();
            case Visitors.Readers readers ->
                new ScopedAccess(ScopedAccess.DOOR, new ReadersAccess(), desk, ledger, parts.clock());
            case Visitors.TokenHolders holders ->
                new ScopedAccess(
                        ScopedAccess.DOOR,
                        new TokenAccess(
                                new TokenVerifier(holders.keys(), time),
                                leaf -> Optional.of(SignalActuate.unlimited(new SignalGlob(leaf.path())))),
                        desk,
                        ledger,
                        parts.clock());
        };
    }

    private void flushLater() {
        parts.scheduler().at(parts.clock().nanos() + FLUSH_NANOS, this::flush);
    }

    private synchronized void flush() {
        if (!closed) {
            ledger.flush();
            flushLater();
        }
    }

    /** Where the socketcand listens. */
    public synchronized Optional<Integer> socketcandPort() {
        return socketcandPort;
    }

    /** Where the databroker listens. */
    public synchronized Optional<Integer> databrokerPort() {
        return databrokerPort;
    }

    /** Shuts the doors, the last one first, and records what visitors did until now. Idempotent. */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        shutting.forEach(Runnable::run);
        ledger.close();
    }
}

package dev.bulkhead.cli.hal;

import dev.bulkhead.agent.main.SystemClock;
import dev.bulkhead.agent.main.SystemScheduler;
import dev.bulkhead.cli.output.CommandFailure;
import dev.bulkhead.hal.HalException;
import dev.bulkhead.hal.actuation.ActuatorBoard;
import dev.bulkhead.hal.can.CanBus;
import dev.bulkhead.hal.can.CanBusStatus;
import dev.bulkhead.hal.driver.Driver;
import dev.bulkhead.hal.driver.DriverRack;
import dev.bulkhead.hal.driver.socketcan.SocketCanDriver;
import dev.bulkhead.hal.driver.socketcand.SocketcandDriver;
import dev.bulkhead.hal.driver.socketcand.SocketcandServer;
import dev.bulkhead.hal.signal.DefaultVehicle;
import dev.bulkhead.hal.signal.SignalStore;
import dev.bulkhead.hal.time.VehicleClock;
import java.net.InetSocketAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which bus a command works on, to be mixed in: an interface of this machine, or one that a socketcand lends. */
final class BusChoice {
    private static final int WAIT_MILLIS = 3_000;

    @Option(
            names = "--socketcand",
            paramLabel = "HOST[:PORT]",
            description = "Reach the bus by this socketcand (default port 29536) instead of the kernel.")
    private @Nullable String socketcand;

    @Option(names = "--fd", description = "FD frames too (kernel buses only).")
    private boolean fd;

    /** An open bus with all that holds it; close it when done. */
    record Open(CanBus bus, DriverRack rack, VehicleClock time, SystemScheduler timers) implements AutoCloseable {
        @Override
        public void close() {
            rack.close();
            timers.close();
        }
    }

    Open open(String name) throws InterruptedException {
        Driver driver = driver(name);
        VehicleClock time = new SystemClock();
        SystemScheduler timers = new SystemScheduler(time);
        SignalStore store = new SignalStore(DefaultVehicle.tree(), time, timers, 1);
        DriverRack rack = new DriverRack(time, timers, store, new ActuatorBoard(store, time, timers, event -> {}));
        try {
            rack.start(driver);
        } catch (HalException | IllegalArgumentException e) {
            timers.close();
            throw CommandFailure.failed(String.valueOf(e.getMessage()), "--socketcand HOST reaches a bus elsewhere");
        }
        Open open = new Open(rack.bus(name).orElseThrow(), rack, time, timers);
        for (int waited = 0; open.bus().status().state() == CanBusStatus.State.DOWN; waited += 10) {
            if (waited >= WAIT_MILLIS) {
                open.close();
                throw CommandFailure.unreachable(
                        "bus " + name + " is not there" + (socketcand == null ? "" : " at socketcand " + socketcand),
                        "bulkhead sim --socketcand 29536 lends a simulated one: --socketcand localhost");
            }
            Thread.sleep(10);
        }
        return open;
    }

    private Driver driver(String name) {
        if (socketcand == null) {
            return new SocketCanDriver(name, name, fd, List.of());
        }
        int colon = socketcand.lastIndexOf(':');
        String host = colon < 0 ? socketcand : socketcand.substring(0, colon);
        try {
            int port = colon < 0 ? SocketcandServer.DEFAULT_PORT : Integer.parseInt(socketcand.substring(colon + 1));
            InetSocketAddress server = new InetSocketAddress(host, port);
            if (server.isUnresolved()) {
                throw CommandFailure.unreachable("there is no host " + host, "--socketcand HOST[:PORT]");
            }
            return new SocketcandDriver(server, name, name);
        } catch (IllegalArgumentException e) {
            throw CommandFailure.usage("'" + socketcand + "' is not HOST or HOST:PORT", "bulkhead can --help");
        }
    }
}

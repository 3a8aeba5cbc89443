package dev.bulkhead.hal.driver.databroker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulkhead.contract.capability.SignalActuate;
import dev.bulkhead.contract.capability.SignalGlob;
import dev.bulkhead.hal.actuation.ActuationOutcome;
import dev.bulkhead.hal.actuation.ActuationRecord;
import dev.bulkhead.hal.actuation.ActuatorBoard;
import dev.bulkhead.hal.actuation.ActuatorClaim;
import dev.bulkhead.hal.actuation.ActuatorOwner;
import dev.bulkhead.hal.actuation.ActuatorSink;
import dev.bulkhead.hal.databroker.BrokerCaller;
import dev.bulkhead.hal.databroker.CallerCommands;
import dev.bulkhead.hal.databroker.DatabrokerServer;
import dev.bulkhead.hal.databroker.OpenAccess;
import dev.bulkhead.hal.driver.DriverException;
import dev.bulkhead.hal.driver.DriverRack;
import dev.bulkhead.hal.signal.DefaultVehicle;
import dev.bulkhead.hal.signal.SignalLeaf;
import dev.bulkhead.hal.signal.SignalStore;
import dev.bulkhead.hal.signal.SignalTree;
import dev.bulkhead.hal.signal.SignalValue;
import dev.bulkhead.hal.signal.VssDocument;
import dev.bulkhead.hal.time.ManualTime;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Our driver against our own server, which stands for any other databroker. */
@Timeout(120)
class DatabrokerDriverTest {
    private static final String SPEED = "Vehicle.Speed";
    private static final String FAN = "Vehicle.Cabin.HVAC.Station.Row1.Driver.FanSpeed";

    private final ManualTime time = new ManualTime();
    private final Side here = new Side(DefaultVehicle.tree());
    private final DriverRack rack = new DriverRack(time, time, here.store, here.board);
    private Side there = new Side(DefaultVehicle.tree());
    private int port;

    /** One vehicle: its signals, its actuators and what moves them. */
    private final class Side implements ActuatorSink, AutoCloseable {
        private final SignalStore store;
        private final ActuatorBoard board;
        private final BlockingQueue<String> moved = new LinkedBlockingQueue<>();
        private final DatabrokerServer server;

        private Side(SignalTree tree) {
            store = new SignalStore(tree, time, time, 1_000);
            board = new ActuatorBoard(store, time, time, (ActuationRecord event) -> {});
            server = server(0);
        }

        private DatabrokerServer server(int wanted) {
            return new DatabrokerServer(
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), wanted),
                    new OpenAccess(),
                    store,
                    board,
                    time,
                    time);
        }

        private void publish(String path, double value) {
            store.publish(store.tree().find(path).orElseThrow().id(), value, time.nanos());
        }

        private double speed() {
            return store.cell(SPEED).orElseThrow().asDouble();
        }

        private SignalLeaf fan() {
            return store.tree().find(FAN).orElseThrow();
        }

        @Override
        public boolean ready(SignalLeaf actuator) {
            return true;
        }

        @Override
        public boolean apply(SignalLeaf actuator, SignalValue value) {
            return moved.add(actuator.path() + "=" + value);
        }

        @Override
        public void release(SignalLeaf actuator) {
            moved.add(actuator.path() + " released");
        }

        @Override
        public void close() {
            server.close();
        }
    }

    /** May do what OpenAccess lets everybody do, and maybe not actuate. */
    private record Rights(boolean actuates) implements BrokerCaller {
        @Override
        public String name() {
            return "tool.databroker-peer.test";
        }

        @Override
        public boolean mayRead(SignalLeaf leaf) {
            return !leaf.path().startsWith("Vehicle.CurrentLocation");
        }

        @Override
        public Optional<SignalActuate> mayActuate(SignalLeaf leaf) {
            return actuates ? Optional.of(SignalActuate.unlimited(new SignalGlob(leaf.path()))) : Optional.empty();
        }

        @Override
        public boolean mayProvide(SignalLeaf leaf) {
            return false;
        }
    }

    @AfterEach
    void stop() {
        rack.close();
        there.close();
        here.close();
    }

    private static List<SignalGlob> globs(String... globs) {
        return List.of(globs).stream().map(SignalGlob::new).toList();
    }

    private static BrokerPeer peer(
            int port,
            List<SignalGlob> take,
            List<SignalGlob> command,
            List<SignalGlob> provide,
            List<SignalGlob> accept) {
        return new BrokerPeer("127.0.0.1", port, Optional.empty(), Optional.empty(), take, command, provide, accept, 0);
    }

    private void connect(
            List<SignalGlob> take,
            List<SignalGlob> command,
            List<SignalGlob> provide,
            List<SignalGlob> accept,
            boolean actuates)
            throws IOException {
        if (port == 0) {
            port = there.server.start();
        }
        rack.start(new DatabrokerDriver(
                peer(port, take, command, provide, accept), new Rights(actuates), new CallerCommands(here.board)));
    }

    private static void until(String what, BooleanSupplier holds) throws InterruptedException {
        for (int i = 0; i < 6_000 && !holds.getAsBoolean(); i++) {
            Thread.sleep(5);
        }
        assertTrue(holds.getAsBoolean(), what);
    }

    @Test
    void signalsAreTakenFromTheBroker() throws Exception {
        there.publish(SPEED, 33);
        connect(globs("Vehicle.Speed"), globs(), globs(), globs(), false);
        until("present value", () -> here.speed() == 33);
        there.publish(SPEED, 34);
        until("news", () -> here.speed() == 34);
        there.store.withdraw(there.store.tree().find(SPEED).orElseThrow().id());
        until("loss", () -> Double.isNaN(here.speed()));
    }

    @Test
    void ourCommandsGoToTheBroker() throws Exception {
        there.board.attach(there.fan(), there);
        connect(globs(), globs(FAN), globs(), globs(), false);
        ActuatorClaim claim = here.board.claim(
                here.fan(), new ActuatorOwner("app", 1), SignalActuate.unlimited(new SignalGlob(FAN)), (a, b) -> {});
        until("driver is ready", () -> claim.acquire(0, 60_000_000_000L).done());
        assertEquals(ActuationOutcome.OK, claim.set(40L));
        assertEquals(FAN + "=40", there.moved.poll(30, TimeUnit.SECONDS));
        for (long value = 41; value <= 60; value++) {
            assertEquals(ActuationOutcome.OK, claim.set(value));
        }
        String last = "";
        while (!last.equals(FAN + "=60")) {
            String next = there.moved.poll(30, TimeUnit.SECONDS);
            assertTrue(next != null && next.compareTo(last) > 0, "none overtakes another: " + next + " after " + last);
            last = next;
        }
        there.close();
        until("nobody carries commands out", () -> claim.set(10L) == ActuationOutcome.NODEV);
    }

    @Test
    void ourSignalsAreProvidedToTheBroker() throws Exception {
        here.publish(SPEED, 12);
        connect(globs(), globs(), globs("Vehicle.Speed", "Vehicle.CurrentLocation.*"), globs(), false);
        until("present value", () -> there.speed() == 12);
        here.publish("Vehicle.CurrentLocation.Latitude", 48.1);
        here.publish(SPEED, 13);
        until("news", () -> there.speed() == 13);
        assertFalse(
                there.store
                        .cell("Vehicle.CurrentLocation.Latitude")
                        .orElseThrow()
                        .value()
                        .isPresent(),
                "policy keeps the location here");
    }

    @Test
    void theBrokersCommandsAreCarriedOutUnderOurContracts() throws Exception {
        here.board.attach(here.fan(), here);
        connect(globs(), globs(), globs(), globs(FAN), true);
        ActuatorClaim claim = there.board.claim(
                there.fan(),
                new ActuatorOwner("client", 1),
                SignalActuate.unlimited(new SignalGlob(FAN)),
                (a, b) -> {});
        until("provided there", () -> claim.acquire(0, 60_000_000_000L).done());
        assertEquals(ActuationOutcome.OK, claim.set(70L));
        assertEquals(FAN + "=70", here.moved.poll(30, TimeUnit.SECONDS));
        assertEquals(
                "tool.databroker-peer.test#0",
                here.board
                        .view(here.fan().id())
                        .orElseThrow()
                        .owner()
                        .orElseThrow()
                        .toString());
    }

    @Test
    void commandsThatPolicyDoesNotGiveMoveNothing() throws Exception {
        here.board.attach(here.fan(), here);
        connect(globs(), globs(), globs(SPEED), globs(FAN), false);
        ActuatorClaim claim = there.board.claim(
                there.fan(),
                new ActuatorOwner("client", 1),
                SignalActuate.unlimited(new SignalGlob(FAN)),
                (a, b) -> {});
        until("provided there", () -> claim.acquire(0, 60_000_000_000L).done());
        assertEquals(ActuationOutcome.OK, claim.set(70L));
        here.publish(SPEED, 5);
        until("the stream still works", () -> there.speed() == 5);
        here.publish(SPEED, 6);
        until("and after the answer", () -> there.speed() == 6);
        assertTrue(here.moved.isEmpty(), here.moved::toString);
    }

    @Test
    void aBrokerThatRestartsWithOtherNumbersIsFoundAgain() throws Exception {
        there.publish(SPEED, 1);
        connect(globs(SPEED), globs(), globs("Vehicle.IsMoving"), globs(), false);
        until("first", () -> here.speed() == 1);
        there.close();
        until("lost", () -> Double.isNaN(here.speed()));
        there = new Side(tree("""
                {"Vehicle": {"type": "branch", "children": {
                  "First": {"type": "sensor", "datatype": "float"},
                  "IsMoving": {"type": "sensor", "datatype": "boolean"},
                  "Speed": {"type": "sensor", "datatype": "float"}}}}
                """));
        try (DatabrokerServer again = there.server(port)) {
            again.start();
            there.publish(SPEED, 2);
            until("found again", () -> here.speed() == 2);
            here.store.publish(
                    here.store.tree().find("Vehicle.IsMoving").orElseThrow().id(), 1L, time.nanos());
            until(
                    "provides again",
                    () -> there.store.cell("Vehicle.IsMoving").orElseThrow().asLong() == 1);
        }
    }

    private static SignalTree tree(String json) {
        return VssDocument.parse("peer.json", json.getBytes(StandardCharsets.UTF_8))
                .tree();
    }

    @Test
    void aSignalOfAnotherTypeAtTheBrokerIsLeftOut() throws Exception {
        there.close();
        there = new Side(tree("""
                {"Vehicle": {"type": "branch", "children": {
                  "IsMoving": {"type": "sensor", "datatype": "boolean"},
                  "Speed": {"type": "sensor", "datatype": "string"}}}}
                """));
        there.store.publish(there.store.tree().find(SPEED).orElseThrow().id(), SignalValue.of("fast"), time.nanos());
        there.store.publish(
                there.store.tree().find("Vehicle.IsMoving").orElseThrow().id(), 1L, time.nanos());
        connect(globs(SPEED, "Vehicle.IsMoving"), globs(), globs(), globs(), false);
        until(
                "the other one",
                () -> here.store.cell("Vehicle.IsMoving").orElseThrow().asLong() == 1);
        assertTrue(Double.isNaN(here.speed()));
    }

    @Test
    void aPeerThatIsNoBrokerHoldsNobodyUp() throws Exception {
        try (ServerSocket babbler = new ServerSocket(0, 8, InetAddress.getLoopbackAddress())) {
            BlockingQueue<String> came = new LinkedBlockingQueue<>();
            Thread.ofVirtual().start(() -> {
                while (!babbler.isClosed()) {
                    try (Socket socket = babbler.accept()) {
                        came.add("again");
                        OutputStream out = socket.getOutputStream();
                        for (int i = 0; i < 100; i++) {
                            out.write("no HTTP/2 at all ".repeat(100).getBytes(StandardCharsets.UTF_8));
                        }
                    } catch (IOException e) {
                        came.add("gone: " + e);
                    }
                }
            });
            port = babbler.getLocalPort();
            connect(globs(SPEED), globs(FAN), globs(), globs(), false);
            came.poll(30, TimeUnit.SECONDS);
            assertTrue(came.poll(30, TimeUnit.SECONDS) != null, "tries again");
            ActuatorClaim claim = here.board.claim(
                    here.fan(),
                    new ActuatorOwner("app", 1),
                    SignalActuate.unlimited(new SignalGlob(FAN)),
                    (a, b) -> {});
            assertEquals(ActuationOutcome.NODEV, claim.acquire(0, 1_000_000_000L));
        }
    }

    @Test
    void whatWouldGoInCirclesOrNowhereIsRefused() {
        assertRefused(peer(1, globs("Vehicle.*"), globs(), globs(SPEED), globs()), "circles");
        assertRefused(peer(1, globs(), globs(FAN), globs(), globs("Vehicle.Cabin.**")), "circles");
        assertRefused(peer(1, globs("Boat.*"), globs(), globs(), globs()), "fits no signal");
        assertRefused(peer(1, globs(), globs(SPEED), globs(), globs()), "fits no actuator");
        assertThrows(IllegalArgumentException.class, () -> peer(1, globs(), globs(), globs(), globs()));
        assertThrows(
                IllegalArgumentException.class,
                () -> new BrokerPeer(
                        "192.0.2.1",
                        1,
                        Optional.empty(),
                        Optional.of("secret"),
                        globs(SPEED),
                        globs(),
                        globs(),
                        globs(),
                        0));
    }

    private void assertRefused(BrokerPeer peer, String why) {
        DriverException refusal = assertThrows(
                DriverException.class,
                () -> rack.start(new DatabrokerDriver(peer, new Rights(true), new CallerCommands(here.board))));
        assertTrue(String.valueOf(refusal.getMessage()).contains(why), refusal::toString);
    }
}

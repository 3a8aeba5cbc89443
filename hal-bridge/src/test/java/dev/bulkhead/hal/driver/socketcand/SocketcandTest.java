package dev.bulkhead.hal.driver.socketcand;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulkhead.hal.actuation.ActuationRecord;
import dev.bulkhead.hal.actuation.ActuatorBoard;
import dev.bulkhead.hal.can.CanBus;
import dev.bulkhead.hal.can.CanBusStatus;
import dev.bulkhead.hal.can.CanFilter;
import dev.bulkhead.hal.can.CanFrame;
import dev.bulkhead.hal.can.CanPort;
import dev.bulkhead.hal.can.CanSendResult;
import dev.bulkhead.hal.can.VirtualCanBus;
import dev.bulkhead.hal.driver.DriverException;
import dev.bulkhead.hal.driver.DriverRack;
import dev.bulkhead.hal.signal.DefaultVehicle;
import dev.bulkhead.hal.signal.SignalStore;
import dev.bulkhead.hal.time.ManualTime;
import java.io.IOException;
import java.io.InputStream;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class SocketcandTest {
    private final ManualTime time = new ManualTime();
    private final VirtualCanBus bus = new VirtualCanBus("can0", false, time);
    private final Semaphore arrived = new Semaphore(0);
    private final CanPort local = bus.open(List.of(CanFilter.ANY_DATA), 64, arrived::release);
    private final SocketcandServer server;
    private int port;

    SocketcandTest() throws IOException {
        server = new SocketcandServer(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                name -> name.equals("can0") ? Optional.of(bus) : Optional.empty(),
                time);
    }

    @BeforeEach
    void start() throws IOException {
        port = server.start();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private Socket connect() throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(15_000);
        return socket;
    }

    private static void say(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    }

    /** As python-can does it: one read, compared as a whole. */
    private static String oneRead(Socket socket) throws IOException {
        byte[] buffer = new byte[256];
        InputStream in = socket.getInputStream();
        int length = in.read(buffer);
        return length < 0 ? "closed" : new String(buffer, 0, length, StandardCharsets.US_ASCII);
    }

    private Socket rawMode() throws IOException {
        Socket socket = connect();
        assertEquals("< hi >", oneRead(socket));
        say(socket, "< open can0 >");
        assertEquals("< ok >", oneRead(socket));
        say(socket, "< rawmode >");
        assertEquals("< ok >", oneRead(socket));
        return socket;
    }

    private String received() throws InterruptedException {
        assertTrue(arrived.tryAcquire(15, TimeUnit.SECONDS));
        StringBuilder text = new StringBuilder();
        local.receive(10, (frame, at) -> text.append(frame).append(' '));
        return text.toString().strip();
    }

    @Test
    void anOkNeverSharesAReadWithAFrame() throws IOException {
        try (Socket socket = connect()) {
            assertEquals("< hi >", oneRead(socket));
            say(socket, "< open can0 >");
            assertEquals("< ok >", oneRead(socket));
            say(socket, "< rawmode >");
            for (int i = 0; i < 50; i++) {
                local.send(CanFrame.standard(i));
            }
            assertEquals("< ok >", oneRead(socket));
        }
    }

    @Test
    void framesGoOutInUpperCaseWithTheirTime() throws IOException {
        try (Socket socket = rawMode()) {
            local.send(CanFrame.standard(0x123, (byte) 0x1A, (byte) 0x22));
            String text = oneRead(socket);
            assertTrue(text.matches("< frame 123 \\d+\\.\\d{6} 1A22 >"), text);
            local.send(CanFrame.extended(0x123));
            String empty = oneRead(socket);
            assertTrue(empty.matches("< frame 00000123 \\d+\\.\\d{6}  >"), empty);
        }
    }

    @Test
    void framesComeInHoweverTheSegmentsFall() throws Exception {
        try (Socket socket = rawMode()) {
            say(socket, "rubbish< send 12");
            socket.getOutputStream().flush();
            say(socket, "3 2 1 ff >");
            assertEquals("123#01FF", received());
            say(socket, "< send 1F334455 0 >< send 00000123 1 a >");
            assertTrue(received().startsWith("1F334455#"));
        }
    }

    @Test
    void brokenCommandsGetAnErrorAndTheSessionGoesOn() throws Exception {
        try (Socket socket = rawMode()) {
            for (String bad : List.of(
                    "send",
                    "send 123",
                    "send 123 9 1 2 3 4 5 6 7 8 9",
                    "send 123 1 fff",
                    "send xyz 0",
                    "send 123 2 1",
                    "send -1 0",
                    "send FFFFFFFFF 0",
                    "subscribe 0 0 123")) {
                say(socket, "< " + bad + " >");
                assertTrue(oneRead(socket).startsWith("< error "), bad);
            }
            say(socket, "< echo >");
            assertEquals("< echo >", oneRead(socket));
        }
    }

    @Test
    void sendingBeforeRawModeIsRefused() throws IOException {
        try (Socket socket = connect()) {
            oneRead(socket);
            say(socket, "< send 123 0 >");
            assertEquals("< error not in raw mode >", oneRead(socket));
            say(socket, "< rawmode >");
            assertEquals("< error open a bus first >", oneRead(socket));
        }
    }

    @Test
    void anUnknownBusEndsTheSession() throws IOException {
        try (Socket socket = connect()) {
            oneRead(socket);
            say(socket, "< open secret0 >");
            assertEquals("< error could not open bus >", oneRead(socket));
            assertEquals("closed", oneRead(socket));
        }
    }

    @Test
    void garbageAndEndlessMessagesAreCutOff() throws IOException {
        for (String flood : List.of("x".repeat(4096), "< " + "y".repeat(4096))) {
            try (Socket socket = connect()) {
                oneRead(socket);
                say(socket, flood);
                assertThrowsOrCloses(socket);
            }
        }
    }

    private static void assertThrowsOrCloses(Socket socket) {
        try {
            assertEquals("closed", oneRead(socket));
        } catch (IOException e) {
            assertTrue(String.valueOf(e.getMessage()).contains("reset"), () -> "" + e);
        }
    }

    @Test
    void aClientThatNeverReadsHoldsNobodyUp() throws Exception {
        try (Socket asleep = rawMode();
                Socket awake = rawMode()) {
            for (int i = 0; i < 200_000; i++) {
                local.send(CanFrame.standard(i & 0x7FF, new byte[8]));
            }
            say(awake, "< send 7FF 0 >");
            assertEquals("7FF#", received());
            assertTrue(asleep.isConnected());
        }
    }

    @Test
    @Timeout(120)
    void whoTalksWithoutEndAndNeverGetsToRawModeIsCutOff() throws Exception {
        try (Socket socket = connect()) {
            for (int i = 0; i < 600; i++) {
                say(socket, i % 2 == 0 ? "< ec" : "ho >");
                Thread.sleep(100);
            }
            throw new AssertionError("still connected after a minute");
        } catch (SocketException e) {
            assertTrue(String.valueOf(e.getMessage()).matches("(?i).*(reset|broken pipe|aborted).*"), e.toString());
        }
    }

    @Test
    void tooManyClientsAreTurnedAway() throws IOException {
        Socket[] clients = new Socket[SocketcandServer.MAX_OF_ONE_PEER];
        for (int i = 0; i < clients.length; i++) {
            clients[i] = rawMode();
        }
        try (Socket late = connect()) {
            assertThrowsOrCloses(late);
        }
        for (Socket client : clients) {
            client.close();
        }
    }

    @Test
    void ourClientTakesABusFromOurServer() throws Exception {
        SignalStore store = new SignalStore(DefaultVehicle.tree(), time, time, 10);
        ActuatorBoard board = new ActuatorBoard(store, time, time, (ActuationRecord event) -> {});
        try (DriverRack rack = new DriverRack(time, time, store, board)) {
            rack.start(new SocketcandDriver(
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), port), "can0", "far0"));
            CanBus far = rack.bus("far0").orElseThrow();
            Semaphore there = new Semaphore(0);
            CanPort app = far.open(List.of(CanFilter.ANY_DATA), 16, there::release);
            while (far.status().state() != CanBusStatus.State.ACTIVE) {
                Thread.onSpinWait();
            }
            assertEquals(CanSendResult.SENT, app.send(CanFrame.extended(0x321, (byte) 7)));
            assertEquals("00000321#07", received());
            local.send(CanFrame.standard(0x55));
            assertTrue(there.tryAcquire(15, TimeUnit.SECONDS));
            StringBuilder text = new StringBuilder();
            app.receive(10, (frame, at) -> text.append(frame));
            assertEquals("055#", text.toString());
            assertEquals(CanSendResult.NOT_CARRIED, app.send(CanFrame.remote(1, false, 0)));
            server.close();
            while (far.status().state() != CanBusStatus.State.DOWN) {
                Thread.onSpinWait();
            }
            assertEquals(CanSendResult.NO_DEVICE, app.send(CanFrame.standard(1)));
        }
    }

    @Test
    void aSecondBusOfTheSameNameIsRefused() {
        SignalStore store = new SignalStore(DefaultVehicle.tree(), time, time, 10);
        ActuatorBoard board = new ActuatorBoard(store, time, time, (ActuationRecord event) -> {});
        try (DriverRack rack = new DriverRack(time, time, store, board)) {
            InetSocketAddress nowhere = new InetSocketAddress(InetAddress.getLoopbackAddress(), 1);
            rack.start(new SocketcandDriver(nowhere, "can0", "far0"));
            assertThrows(DriverException.class, () -> rack.start(new SocketcandDriver(nowhere, "can1", "far0")));
            assertEquals(1, rack.health().size());
        }
    }

    @Test
    void aBeaconSaysWhereItIsAndWithWhichBuses() throws Exception {
        ManualTime later = new ManualTime();
        try (DatagramSocket listener = new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
            SocketcandBeacon beacon = new SocketcandBeacon(
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), listener.getLocalPort()),
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), 29536),
                    () -> List.of("can0", "a<b"),
                    later,
                    later);
            listener.setSoTimeout(30_000);
            beacon.start();
            String said = heard(listener);
            assertTrue(said.startsWith("<CANBeacon "), said);
            assertTrue(said.contains("<URL>can://127.0.0.1:29536</URL>"), said);
            assertTrue(said.contains("<Bus name=\"can0\"/>"), said);
            assertTrue(said.contains("<Bus name=\"a&lt;b\"/>"), said);
            later.advanceMillis(SocketcandBeacon.EVERY_MILLIS);
            assertEquals(said, heard(listener));
            beacon.close();
            assertEquals(0, later.waiting());
        }
    }

    private static String heard(DatagramSocket listener) throws IOException {
        DatagramPacket packet = new DatagramPacket(new byte[4_096], 4_096);
        listener.receive(packet);
        return new String(packet.getData(), 0, packet.getLength(), StandardCharsets.UTF_8);
    }
}

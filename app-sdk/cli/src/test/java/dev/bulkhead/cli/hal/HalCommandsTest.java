package dev.bulkhead.cli.hal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import dev.bulkhead.agent.main.SystemClock;
import dev.bulkhead.agent.main.SystemScheduler;
import dev.bulkhead.cli.Terminal;
import dev.bulkhead.hal.actuation.ActuationRecord;
import dev.bulkhead.hal.actuation.ActuatorBoard;
import dev.bulkhead.hal.actuation.ActuatorSink;
import dev.bulkhead.hal.can.CanFilter;
import dev.bulkhead.hal.can.CanFrame;
import dev.bulkhead.hal.can.CanPort;
import dev.bulkhead.hal.can.VirtualCanBus;
import dev.bulkhead.hal.databroker.DatabrokerServer;
import dev.bulkhead.hal.databroker.OpenAccess;
import dev.bulkhead.hal.driver.socketcand.SocketcandServer;
import dev.bulkhead.hal.signal.DefaultVehicle;
import dev.bulkhead.hal.signal.SignalLeaf;
import dev.bulkhead.hal.signal.SignalStore;
import dev.bulkhead.hal.signal.SignalValue;
import dev.bulkhead.hal.time.VehicleClock;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

@Timeout(60)
class HalCommandsTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String FAN = "Vehicle.Cabin.HVAC.Station.Row1.Driver.FanSpeed";

    @TempDir
    private Path folder;

    private static String run(Object command, String... arguments) {
        StringWriter out = new StringWriter();
        int status = new CommandLine(command).setOut(new PrintWriter(out)).execute(arguments);
        assertEquals(0, status, out::toString);
        return out.toString();
    }

    @Test
    void showsADbcAsOneDocument() throws IOException {
        JsonNode document = JSON.readTree(run(new DbcCommand(), "show", "default", "--message", "Tyres", "--json"));
        JsonNode pressure = document.at("/messages/0/signals/1");
        assertEquals("TyrePressureFL", pressure.path("name").asText());
        assertEquals("TyreIndex", pressure.path("multiplexedBy").asText());
        assertEquals(10, pressure.path("length").asInt());
        assertTrue(document.path("warnings").isEmpty());
    }

    /** The names that other programs read; more may stand beside them. */
    private static void assertNames(JsonNode document, String... names) {
        for (String name : names) {
            assertTrue(document.has(name), () -> name + " is missing in " + document);
        }
    }

    @Test
    void aDbcDocumentHasItsNamesAndTypes() throws IOException {
        Path dbc = folder.resolve("t.dbc");
        Files.writeString(dbc, """
                BO_ 2566844693 M: 8 Unit
                 SG_ Sel M : 7|8@0+ (1,0) [0|0] "" X
                 SG_ Temp m3 : 8|12@1- (0.1,-40) [-40|369.5] "degC" X
                 SG_ Real : 32|32@1- (1,0) [0|0] "" X
                SIG_VALTYPE_ 2566844693 Real : 1;
                nonsense here;
                """);
        JsonNode document = JSON.readTree(run(new DbcCommand(), "show", dbc.toString(), "--json"));
        assertNames(document, "messages", "warnings");
        assertTrue(document.at("/warnings/0").asText().startsWith("line 6"), document::toString);
        JsonNode message = document.at("/messages/0");
        assertNames(message, "name", "id", "extended", "length", "sender", "signals");
        assertEquals(0x18FEF115L, message.path("id").asLong());
        assertTrue(message.path("extended").asBoolean());
        assertEquals("Unit", message.path("sender").asText());
        for (JsonNode signal : message.path("signals")) {
            assertNames(
                    signal,
                    "name",
                    "start",
                    "length",
                    "bigEndian",
                    "signed",
                    "float",
                    "factor",
                    "offset",
                    "min",
                    "max",
                    "unit",
                    "multiplexer",
                    "multiplexedBy");
        }
        JsonNode sel = message.at("/signals/0");
        assertTrue(sel.path("bigEndian").asBoolean() && sel.path("multiplexer").asBoolean());
        assertTrue(sel.path("multiplexedBy").isNull());
        JsonNode temp = message.at("/signals/1");
        assertTrue(temp.path("signed").asBoolean() && !temp.path("float").asBoolean());
        assertEquals(
                "0.1 -40.0 -40.0 369.5 \"degC\" \"Sel\"",
                String.join(
                        " ",
                        temp.path("factor").toString(),
                        temp.path("offset").toString(),
                        temp.path("min").toString(),
                        temp.path("max").toString(),
                        temp.path("unit").toString(),
                        temp.path("multiplexedBy").toString()));
        assertTrue(message.at("/signals/2/float").asBoolean());
    }

    @Test
    void decodesALogOneLineAFrame() throws IOException {
        Path log = folder.resolve("drive.log");
        Files.writeString(log, "(1.5) can0 0A0#8813000000000000\n\nnonsense\n(1.6) can0 7FF#\n");
        List<String> lines = run(new DbcCommand(), "decode", "default", log.toString(), "--json")
                .lines()
                .toList();
        assertEquals(2, lines.size());
        JsonNode first = JSON.readTree(lines.getFirst());
        assertEquals(50, first.at("/signals/VehicleSpeed").asDouble());
        assertEquals("VehicleMotion", first.path("message").asText());
        assertTrue(
                lines.getFirst().startsWith("{\"time\":1.500000,\"bus\":\"can0\",\"id\":160,\"message\":\""),
                lines::getFirst);
        assertTrue(JSON.readTree(lines.getLast()).path("message").isNull());
    }

    @Test
    void countsWhatATreeHolds() throws IOException {
        JsonNode document =
                JSON.readTree(run(new VssCommand(), "show", "default", "--leaves", "Vehicle.Speed", "--json"));
        assertEquals(
                document.path("leaves").asInt(),
                document.path("sensors").asInt()
                        + document.path("actuators").asInt()
                        + document.path("attributes").asInt());
        assertEquals("km/h", document.at("/signals/0/unit").asText());
    }

    /** Writes down what it is told to do. */
    private record Notebook(List<String> done) implements ActuatorSink {
        @Override
        public boolean ready(SignalLeaf actuator) {
            return true;
        }

        @Override
        public boolean apply(SignalLeaf actuator, SignalValue value) {
            return done.add(value.toString());
        }

        @Override
        public void release(SignalLeaf actuator) {}
    }

    @Test
    void setsAnActuatorAndPublishesASensorAndSaysWhyNot() throws IOException {
        SystemClock clock = new SystemClock();
        InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        try (SystemScheduler timers = new SystemScheduler(clock)) {
            SignalStore store = new SignalStore(DefaultVehicle.tree(), clock, timers, 10);
            ActuatorBoard board = new ActuatorBoard(store, clock, timers, (ActuationRecord event) -> {});
            Notebook fan = new Notebook(new CopyOnWriteArrayList<>());
            board.attach(store.tree().find(FAN).orElseThrow(), fan);
            try (DatabrokerServer server = new DatabrokerServer(any, new OpenAccess(), store, board, clock, timers)) {
                String at = "127.0.0.1:" + server.start();
                JsonNode answer = JSON.readTree(run(new SignalSetCommand(), FAN, "40", "--databroker", at, "--json"));
                assertEquals(FAN, answer.path("path").asText());
                run(new SignalSetCommand(), "Vehicle.Speed", "12.5", "--publish", "--databroker", at);
                assertEquals(12.5, store.cell("Vehicle.Speed").orElseThrow().asDouble());
                assertRefused(at, FAN, "101");
                assertRefused(at, FAN, "fast");
                assertRefused(at, "Vehicle.Speed", "1");
                assertRefused(at, "Boat", "1");
                assertEquals(List.of("40"), fan.done());
            }
        }
    }

    private static void assertRefused(String databroker, String path, String value) {
        int status = new CommandLine(new SignalSetCommand())
                .setErr(new PrintWriter(new StringWriter()))
                .execute(path, value, "--databroker", databroker);
        assertNotEquals(0, status, path + " " + value);
    }

    @Test
    void sendsDumpsAndReplaysOverSocketcand() throws Exception {
        VehicleClock time = new SystemClock();
        VirtualCanBus bus = new VirtualCanBus("can0", false, time);
        Semaphore arrived = new Semaphore(0);
        CanPort local = bus.open(List.of(CanFilter.ANY_DATA), 64, arrived::release);
        InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        try (SocketcandServer server = new SocketcandServer(any, name -> Optional.of(bus), time)) {
            String at = "127.0.0.1:" + server.start();
            run(new CanCommand(), "send", "can0", "123#DEADBEEF", "--socketcand", at);
            assertTrue(arrived.tryAcquire(15, TimeUnit.SECONDS));
            Path log = folder.resolve("replay.log");
            Files.writeString(log, "(1.0) x 1F334455#11\n(1.01) x 2F0#50\n");
            run(new CanCommand(), "replay", "can0", log.toString(), "--socketcand", at, "--speed", "0");
            List<String> heard = new ArrayList<>();
            while (heard.size() < 3) {
                local.receive(64, (frame, when) -> heard.add(frame.toString()));
            }
            assertEquals(List.of("123#DEADBEEF", "1F334455#11", "2F0#50"), heard);
            CompletableFuture<String> dumped = CompletableFuture.supplyAsync(
                    () -> run(new CanCommand(), "dump", "can0", "--socketcand", at, "--count", "1", "--json"));
            while (!dumped.isDone()) {
                local.send(CanFrame.standard(0x321, (byte) 7));
                Thread.onSpinWait();
            }
            assertEquals(0x321, JSON.readTree(dumped.join()).path("id").asInt());
        }
    }

    @Test
    void saysWhatToNameWhenWhatAnswersIsNoDatabroker() throws IOException {
        HttpServer web = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        web.start();
        try {
            String at = "127.0.0.1:" + web.getAddress().getPort();
            var screen = Terminal.type("signal", "set", FAN, "1", "--databroker", at);
            screen.expect(1);
            assertTrue(screen.err().contains("what answers at " + at + " is no databroker"), screen.err());
            assertTrue(screen.err().contains("try: --databroker HOST:PORT"), screen.err());
        } finally {
            web.stop(0);
        }
    }

    @Test
    void saysWhenWhatIsToBeShownIsNotThere() {
        String err = Terminal.type("dbc", "show", "default", "--message", "Tires")
                .expect(1)
                .err();
        assertTrue(err.contains("default has no message Tires") && err.contains("try: --message Tyres"), err);
        err = Terminal.type("vss", "show", "default", "--leaves", "Vehicle.Chasis.**")
                .expect(1)
                .err();
        assertTrue(err.contains("default has no leaf Vehicle.Chasis.**"), err);
        assertTrue(err.contains("try: --leaves 'Vehicle.Chassis.**'"), err);
    }

    @Test
    void aSocketcandOnAHostThatNobodyKnowsIsToldFromABusThatIsNotThere() {
        String err = Terminal.type("can", "dump", "can0", "--socketcand", "nohost.invalid")
                .expect(6)
                .err();
        assertTrue(err.contains("there is no host nohost.invalid"), err);
    }
}

package dev.bulkhead.cli.hal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.bulkhead.agent.main.SystemClock;
import dev.bulkhead.hal.can.CanFilter;
import dev.bulkhead.hal.can.CanFrame;
import dev.bulkhead.hal.can.CanPort;
import dev.bulkhead.hal.can.VirtualCanBus;
import dev.bulkhead.hal.driver.socketcand.SocketcandServer;
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
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

@Timeout(60)
class HalCommandsTest {
    private static final ObjectMapper JSON = new ObjectMapper();

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
}

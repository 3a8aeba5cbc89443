package dev.bulkhead.hal.driver.socketcand;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.bulkhead.hal.OtherProgram;
import dev.bulkhead.hal.can.CanFilter;
import dev.bulkhead.hal.can.CanFrame;
import dev.bulkhead.hal.can.CanPort;
import dev.bulkhead.hal.can.VirtualCanBus;
import dev.bulkhead.hal.time.ManualTime;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Debian's python3-can as a stranger at the door. */
class PythonCanTest {
    @Test
    @Timeout(60)
    void pythonCanSendsAndReceives() throws Exception {
        OtherProgram.need(
                OtherProgram.run("/usr/bin/python3", "-c", "import can").status() == 0, "no python3-can");
        ManualTime time = new ManualTime();
        VirtualCanBus bus = new VirtualCanBus("can0", false, time);
        CompletableFuture<CanPort> arrived = new CompletableFuture<>();
        CompletableFuture<CanPort> opened = new CompletableFuture<>();
        CanPort port = bus.open(List.of(CanFilter.ANY_DATA), 8, () -> arrived.completeAsync(() -> opened.resultNow()));
        opened.complete(port);
        CompletableFuture<String> seen = arrived.thenApply(from -> {
            StringBuilder text = new StringBuilder();
            from.receive(8, (frame, at) -> text.append(frame));
            from.send(CanFrame.standard(0x2F0, (byte) 80));
            return text.toString();
        });
        try (SocketcandServer server = new SocketcandServer(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), name -> Optional.of(bus), time)) {
            OtherProgram.Result result = OtherProgram.run(
                    "/usr/bin/python3", OtherProgram.resource("python-can.py").toString(), "" + server.start());
            assertEquals("2F0#50", result.output());
        }
        assertEquals("123#0102FF", seen.get(10, TimeUnit.SECONDS));
    }
}

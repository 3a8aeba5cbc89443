package dev.bulkhead.hal.driver.socketcand;

import dev.bulkhead.hal.HalException;
import dev.bulkhead.hal.can.CanBus;
import dev.bulkhead.hal.can.CanFilter;
import dev.bulkhead.hal.can.CanPort;
import dev.bulkhead.hal.can.CanSendResult;
import dev.bulkhead.hal.time.VehicleClock;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One client of the server: a reader for its commands and, in raw mode, a writer for its frames. */
final class ServerSession {
    private static final Logger LOG = LoggerFactory.getLogger(ServerSession.class);

    /** Who does not get into raw mode in this time is cut off. */
    private static final int HANDSHAKE_MILLIS = 10_000;

    /** python-can compares its read with {@code < ok >}: no frame may follow it in the same read. */
    private static final int QUIET_AFTER_OK_MILLIS = 100;

    private static final int QUEUE = 4_096;
    private static final int BATCH = 64;

    private final Socket socket;
    private final Function<String, Optional<CanBus>> buses;
    private final VehicleClock clock;
    private final Consumer<ServerSession> onEnd;
    private final Semaphore ready = new Semaphore(0);
    private final Object writing = new Object();
    private volatile boolean open = true;
    private @Nullable CanBus bus;
    private volatile @Nullable CanPort port;

    ServerSession(
            Socket socket,
            Function<String, Optional<CanBus>> buses,
            VehicleClock clock,
            Consumer<ServerSession> onEnd) {
        this.socket = socket;
        this.buses = buses;
        this.clock = clock;
        this.onEnd = onEnd;
    }

    void start() {
        Thread.ofVirtual().name("socketcand-client").start(this::run);
        Thread.ofVirtual().name("socketcand-patience").start(this::losePatience);
    }

    /** However slowly it talks meanwhile, it must get there: places are few. */
    private void losePatience() {
        try {
            Thread.sleep(HANDSHAKE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (port == null) {
            close();
        }
    }

    private void run() {
        try (socket) {
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(HANDSHAKE_MILLIS);
            say("< hi >");
            MessageReader reader = new MessageReader(socket.getInputStream());
            while (open) {
                obey(reader.next());
            }
        } catch (MessageReader.ProtocolException e) {
            LOG.info("socketcand client {} cut off: {}", socket.getRemoteSocketAddress(), e.getMessage());
        } catch (IOException e) {
            LOG.debug("socketcand client {} gone: {}", socket.getRemoteSocketAddress(), e.getMessage());
        } finally {
            close();
            onEnd.accept(this);
        }
    }

    private void obey(String message) throws IOException {
        String command = message.split("\\s+", 2)[0];
        switch (command) {
            case "open" -> openBus(message.substring(4).strip());
            case "rawmode" -> rawMode();
            case "send" -> send(message);
            case "echo" -> say("< echo >");
            default -> say("< error unknown command >");
        }
    }

    private void openBus(String name) throws IOException {
        Optional<CanBus> found = buses.apply(name);
        if (bus != null || found.isEmpty()) {
            say(bus != null ? "< error a bus is open already >" : "< error could not open bus >");
            throw new MessageReader.ProtocolException("asked for bus '" + name + "'");
        }
        bus = found.get();
        say("< ok >");
    }

    private void rawMode() throws IOException {
        if (bus == null || port != null) {
            say("< error open a bus first >");
            return;
        }
        socket.setSoTimeout(0);
        CanPort opened = bus.open(List.of(CanFilter.ANY_DATA, CanFilter.ERRORS), QUEUE, ready::release);
        port = opened;
        say("< ok >");
        Thread.ofVirtual().name("socketcand-frames").start(() -> forward(opened));
    }

    private void send(String message) throws IOException {
        CanPort to = port;
        if (to == null) {
            say("< error not in raw mode >");
            return;
        }
        try {
            CanSendResult result = to.send(FrameText.parseSend(message));
            if (result != CanSendResult.SENT) {
                say("< error could not send: " + result + " >");
            }
        } catch (IllegalArgumentException | HalException e) {
            say("< error no frame >");
        }
    }

    /** Writes frames until the client is gone. A client that does not read holds only this thread; its queue drops the oldest. */
    private void forward(CanPort from) {
        try {
            Thread.sleep(QUIET_AFTER_OK_MILLIS);
            while (open) {
                StringBuilder batch = new StringBuilder();
                int taken = from.receive(
                        BATCH,
                        (frame, time) ->
                                FrameText.received(frame, unixMicros(time)).ifPresent(batch::append));
                if (!batch.isEmpty()) {
                    say(batch.toString());
                }
                if (taken < BATCH && from.waiting() == 0) {
                    ready.acquire();
                    ready.drainPermits();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            LOG.debug("socketcand client {} gone: {}", socket.getRemoteSocketAddress(), e.getMessage());
            close();
        }
    }

    private long unixMicros(long timeNanos) {
        return clock.unixMillis() * 1_000 - (clock.nanos() - timeNanos) / 1_000;
    }

    private void say(String text) throws IOException {
        synchronized (writing) {
            OutputStream out = socket.getOutputStream();
            out.write(MessageReader.encode(text));
            out.flush();
        }
    }

    void close() {
        open = false;
        CanPort held = port;
        if (held != null) {
            held.close();
        }
        ready.release();
        try {
            socket.close();
        } catch (IOException e) {
            LOG.debug("closing a socketcand client: {}", e.getMessage());
        }
    }
}

package dev.bulkhead.hal.driver.socketcand;

import dev.bulkhead.hal.HalException;
import dev.bulkhead.hal.can.CanFrame;
import dev.bulkhead.hal.can.CanSendResult;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One connection to a socketcand, in raw mode from the start. Frames to send wait in a bounded queue, so that no app ever waits. */
final class ClientConnection implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ClientConnection.class);
    private static final int CONNECT_MILLIS = 5_000;
    private static final int HANDSHAKE_MILLIS = 10_000;
    private static final int QUEUE = 1_024;

    private final Socket socket = new Socket();
    private final MessageReader reader;
    private final BlockingQueue<String> outgoing = new ArrayBlockingQueue<>(QUEUE);
    private final Thread writer;

    ClientConnection(InetSocketAddress server, String bus) throws IOException {
        try {
            socket.connect(server, CONNECT_MILLIS);
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(HANDSHAKE_MILLIS);
            reader = new MessageReader(socket.getInputStream());
            expect("hi");
            write("< open " + bus + " >");
            expect("ok");
            write("< rawmode >");
            expect("ok");
            socket.setSoTimeout(0);
        } catch (IOException e) {
            socket.close();
            throw e;
        }
        writer = Thread.ofVirtual().name("socketcand-send").start(this::sendOn);
    }

    private void expect(String wanted) throws IOException {
        String got = reader.next();
        if (!got.equals(wanted)) {
            throw new MessageReader.ProtocolException("expected '< " + wanted + " >', got '< " + got + " >'");
        }
    }

    private void write(String text) throws IOException {
        socket.getOutputStream().write(MessageReader.encode(text));
        socket.getOutputStream().flush();
    }

    /** Hands over frames until the connection ends, which it tells by an exception. Malformed ones are left out. */
    void readFrames(Consumer<CanFrame> sink) throws IOException {
        while (true) {
            String message = reader.next();
            if (message.startsWith("frame ")) {
                try {
                    sink.accept(FrameText.parseReceived(message));
                } catch (IllegalArgumentException | HalException e) {
                    LOG.debug("socketcand sent '{}': {}", message, e.getMessage());
                }
            }
        }
    }

    CanSendResult transmit(CanFrame frame) {
        Optional<String> text = FrameText.toSend(frame);
        if (text.isEmpty()) {
            return CanSendResult.NOT_CARRIED;
        }
        return outgoing.offer(text.get()) ? CanSendResult.SENT : CanSendResult.TRY_AGAIN;
    }

    private void sendOn() {
        try {
            while (!socket.isClosed()) {
                write(outgoing.take());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            close();
        }
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            LOG.debug("closing a socketcand connection: {}", e.getMessage());
        }
        writer.interrupt();
    }
}

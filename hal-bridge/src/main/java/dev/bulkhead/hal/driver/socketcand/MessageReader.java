package dev.bulkhead.hal.driver.socketcand;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/**
 * Cuts {@code < … >} messages out of a stream, however they are spread over segments. Bounded: a message of more than {@value
 * #MAX_MESSAGE} bytes, or so much rubbish between two, is a protocol error. Not thread-safe.
 */
final class MessageReader {
    static final int MAX_MESSAGE = 512;

    /** The peer does not speak the protocol. */
    static final class ProtocolException extends IOException {
        private static final long serialVersionUID = 1L;

        ProtocolException(String message) {
            super(message);
        }
    }

    private final InputStream in;
    private final byte[] buffer = new byte[8192];
    private int at;
    private int end;

    MessageReader(InputStream in) {
        this.in = in;
    }

    /** The words between the next brackets. */
    String next() throws IOException {
        int rubbish = 0;
        while (read() != '<') {
            if (++rubbish > MAX_MESSAGE) {
                throw new ProtocolException("no '<' in " + MAX_MESSAGE + " bytes");
            }
        }
        StringBuilder message = new StringBuilder(48);
        for (int c = read(); c != '>'; c = read()) {
            if (message.length() >= MAX_MESSAGE) {
                throw new ProtocolException("message longer than " + MAX_MESSAGE + " bytes");
            }
            message.append((char) c);
        }
        return message.toString().strip();
    }

    private int read() throws IOException {
        if (at == end) {
            end = in.read(buffer);
            at = 0;
            if (end <= 0) {
                end = 0;
                throw new EOFException("the peer has closed the connection");
            }
        }
        return buffer[at++] & 0xFF;
    }

    static byte[] encode(String message) {
        return message.getBytes(StandardCharsets.US_ASCII);
    }
}

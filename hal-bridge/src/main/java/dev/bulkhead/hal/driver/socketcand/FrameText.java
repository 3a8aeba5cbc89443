package dev.bulkhead.hal.driver.socketcand;

import dev.bulkhead.hal.can.CanFrame;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;

/** Frames as socketcand writes them. */
final class FrameText {
    private static final HexFormat HEX = HexFormat.of().withUpperCase();

    private FrameText() {}

    /** {@code < frame 123 23.424242 1A22 >}, or {@code < error 040 23.424242 >}; empty for what the protocol cannot carry. */
    static Optional<String> received(CanFrame frame, long unixMicros) {
        if (frame.isFd() || frame.isRemote()) {
            return Optional.empty();
        }
        String time = String.format(Locale.ROOT, "%d.%06d", unixMicros / 1_000_000, unixMicros % 1_000_000);
        if (frame.isError()) {
            return Optional.of(String.format(Locale.ROOT, "< error %03X %s >", frame.id(), time));
        }
        String id = String.format(Locale.ROOT, frame.isExtended() ? "%08X" : "%03X", frame.id());
        return Optional.of("< frame " + id + " " + time + " " + HEX.formatHex(frame.dataForReading()) + " >");
    }

    /** {@code < send 123 2 1 ff >}; empty for what the protocol cannot carry. */
    static Optional<String> toSend(CanFrame frame) {
        if (frame.isFd() || frame.isRemote() || frame.isError()) {
            return Optional.empty();
        }
        StringBuilder text = new StringBuilder("< send ");
        text.append(String.format(Locale.ROOT, frame.isExtended() ? "%08X" : "%X", frame.id()));
        text.append(' ').append(frame.length());
        for (byte b : frame.dataForReading()) {
            text.append(' ').append(Integer.toHexString(b & 0xFF));
        }
        return Optional.of(text.append(" >").toString());
    }

    /**
     * Reads {@code send 123 2 1 ff}. An id of eight digits is extended, and so is one of over 11 bits.
     *
     * @throws IllegalArgumentException when it is no frame
     */
    static CanFrame parseSend(String message) {
        String[] words = message.split("\\s+", 12);
        if (words.length < 3 || words.length > 11) {
            throw new IllegalArgumentException("send wants an id, a length and up to 8 bytes");
        }
        int length = Integer.parseInt(words[2]);
        if (length != words.length - 3) {
            throw new IllegalArgumentException("length " + length + " with " + (words.length - 3) + " bytes");
        }
        byte[] data = new byte[length];
        for (int i = 0; i < length; i++) {
            int value = Integer.parseInt(words[3 + i], 16);
            if ((value & ~0xFF) != 0) {
                throw new IllegalArgumentException("byte '" + words[3 + i] + "' is more than a byte");
            }
            data[i] = (byte) value;
        }
        return frame(words[1], data);
    }

    /**
     * Reads {@code frame 123 23.424242 1A22}; the payload may be missing.
     *
     * @throws IllegalArgumentException when it is no frame
     */
    static CanFrame parseReceived(String message) {
        String[] words = message.split("\\s+", 5);
        if (words.length < 3 || words.length > 4) {
            throw new IllegalArgumentException("frame wants an id, a time and a payload");
        }
        return frame(words[1], words.length == 4 ? HEX.parseHex(words[3]) : new byte[0]);
    }

    private static CanFrame frame(String idText, byte[] data) {
        int id = Integer.parseInt(idText, 16);
        boolean extended = idText.length() == 8 || id > CanFrame.STANDARD_MASK;
        return extended ? CanFrame.extended(id, data) : CanFrame.standard(id, data);
    }
}

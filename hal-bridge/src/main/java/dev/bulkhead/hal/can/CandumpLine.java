package dev.bulkhead.hal.can;

import dev.bulkhead.hal.HalException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One line of a candump log: {@code (1436509052.249713) vcan0 123#DEADBEEF}, {@code 1F334455#1122}, {@code 321#R4}, FD {@code
 * 123##5112233}, error {@code 20000080#…}. A trailing direction ({@code R}, {@code T}) is accepted and not written.
 *
 * @param unixMicros when the frame was on the bus
 */
public record CandumpLine(long unixMicros, String bus, CanFrame frame) {
    private static final int MAX_LINE = 512;
    private static final Pattern LINE = Pattern.compile(
            "\\((\\d{1,12})\\.(\\d{1,9})\\)\\s+(\\S{1,64})\\s+([0-9A-Fa-f]{1,8})(##?)(\\S*)(?:\\s+[RT])?\\s*");
    private static final Pattern REMOTE = Pattern.compile("[Rr]([0-9A-Fa-f])?(_[0-9A-Fa-f])?");

    /** A line that is none. */
    public static final class CandumpException extends HalException {
        private static final long serialVersionUID = 1L;

        CandumpException(String message) {
            super(message);
        }
    }

    /**
     * Reads one line.
     *
     * @throws CandumpException saying what is wrong with it
     */
    public static CandumpLine parse(String line) {
        Matcher matcher = LINE.matcher(line.length() > MAX_LINE ? "" : line);
        if (!matcher.matches()) {
            throw new CandumpException("not a candump line '(seconds.fraction) bus id#data': '"
                    + line.substring(0, Math.min(60, line.length())) + "'");
        }
        String fraction = (matcher.group(2) + "000000").substring(0, 6);
        long micros = Long.parseLong(matcher.group(1)) * 1_000_000 + Long.parseLong(fraction);
        try {
            boolean fd = matcher.group(5).length() == 2;
            return new CandumpLine(micros, matcher.group(3), frame(matcher.group(4), fd, matcher.group(6)));
        } catch (CanFrame.CanFormException | IllegalArgumentException e) {
            throw new CandumpException(
                    "no frame '" + matcher.group(4) + matcher.group(5) + matcher.group(6) + "': " + e.getMessage());
        }
    }

    /**
     * Reads the part behind the bus name, such as {@code 123#DEADBEEF}, as cansend takes it.
     *
     * @throws CandumpException saying what is wrong with it
     */
    public static CanFrame parseFrame(String text) {
        return parse("(0.0) x " + text).frame();
    }

    private static CanFrame frame(String idText, boolean fd, String rest) {
        int word = (int) Long.parseLong(idText, 16);
        boolean extended = idText.length() > 3;
        if (fd) {
            if (rest.isEmpty() || Character.digit(rest.charAt(0), 16) < 0) {
                throw new IllegalArgumentException("an FD frame begins with its flags, one hexadecimal digit");
            }
            byte[] data = HexFormat.of().parseHex(rest.substring(1));
            return CanFrame.fd(word, extended, Character.digit(rest.charAt(0), 16), data);
        }
        Matcher remote = REMOTE.matcher(rest);
        if (remote.matches()) {
            String length = remote.group(1);
            return CanFrame.remote(word, extended, length == null ? 0 : Integer.parseInt(length, 16));
        }
        int suffix = rest.indexOf('_');
        byte[] data = HexFormat.of().parseHex((suffix < 0 ? rest : rest.substring(0, suffix)).replace(".", ""));
        if (extended && (word & CanFrame.ERROR) != 0) {
            return CanFrame.error(word & CanFrame.EXTENDED_MASK, data);
        }
        return extended ? CanFrame.extended(word, data) : CanFrame.standard(word, data);
    }

    /** As candump writes it. */
    @Override
    public String toString() {
        return String.format(
                Locale.ROOT, "(%010d.%06d) %s %s", unixMicros / 1_000_000, unixMicros % 1_000_000, bus, frame);
    }
}

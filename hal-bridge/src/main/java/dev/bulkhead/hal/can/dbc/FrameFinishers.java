package dev.bulkhead.hal.can.dbc;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Counters and checksums that control units look for, by message and signal: {@code counter} counts frames and wraps with the signal's width;
 * {@code xor} and {@code sum} (modulo 256) go over all bytes, the signal itself being 0; {@code crc8-j1850} (SAE J1850, polynomial 1D) and {@code
 * crc8-h2f} (AUTOSAR, 2F) start at FF and end inverted. Checksums are put in after counters. Immutable but for the counts; thread-safe as long
 * as one message is not built by two threads at once.
 */
public final class FrameFinishers implements FrameBuilder.Finisher {
    private enum How {
        COUNTER,
        XOR,
        SUM,
        CRC8_J1850,
        CRC8_H2F
    }

    private record Fill(String signal, How how, AtomicLong count) {}

    private final Map<String, List<Fill>> byMessage;

    private FrameFinishers(Map<String, List<Fill>> byMessage) {
        this.byMessage = byMessage;
    }

    /** Changes nothing. */
    public static FrameFinishers none() {
        return new FrameFinishers(Map.of());
    }

    /**
     * These and one more.
     *
     * @param how as listed above
     * @throws IllegalArgumentException when there is no such way
     */
    public FrameFinishers with(String message, String signal, String how) {
        Map<String, List<Fill>> more = new HashMap<>(byMessage);
        List<Fill> fills = new ArrayList<>(more.getOrDefault(message, List.of()));
        Fill fill = new Fill(signal, how(how), new AtomicLong());
        fills.add(fill.how() == How.COUNTER ? 0 : fills.size(), fill);
        more.put(message, List.copyOf(fills));
        return new FrameFinishers(Map.copyOf(more));
    }

    /**
     * These, once it is sure that they can be filled.
     *
     * @throws IllegalArgumentException naming the message or signal that the database does not have
     */
    public FrameFinishers checkedFor(DbcDatabase database) {
        byMessage.forEach((name, fills) -> {
            DbcMessage message = database.messages().stream()
                    .filter(one -> one.name().equals(name))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException("no message " + name + " to fill signals of"));
            fills.forEach(fill -> indexOf(message, fill.signal()));
        });
        return this;
    }

    private static How how(String word) {
        for (How how : How.values()) {
            if (how.name().toLowerCase(Locale.ROOT).replace('_', '-').equals(word)) {
                return how;
            }
        }
        throw new IllegalArgumentException(
                "'" + word + "' fills no signal; counter, xor, sum, crc8-j1850 and crc8-h2f do");
    }

    @Override
    public void finish(DbcMessage message, MessageCodec codec, byte[] data) {
        for (Fill fill : byMessage.getOrDefault(message.name(), List.of())) {
            int at = indexOf(message, fill.signal());
            int length = message.signals().get(at).length();
            long mask = length >= 64 ? -1 : (1L << length) - 1;
            if (fill.how() == How.COUNTER) {
                codec.putRaw(at, fill.count().getAndIncrement() & mask, data);
            } else {
                codec.putRaw(at, 0, data);
                codec.putRaw(at, checksum(fill.how(), data) & mask, data);
            }
        }
    }

    private static int indexOf(DbcMessage message, String signal) {
        for (int i = 0; i < message.signals().size(); i++) {
            if (message.signals().get(i).name().equals(signal)) {
                return i;
            }
        }
        throw new IllegalArgumentException("message " + message.name() + " has no signal " + signal + " to fill");
    }

    private static long checksum(How how, byte[] data) {
        int value = 0;
        return switch (how) {
            case XOR -> {
                for (byte one : data) {
                    value ^= one & 0xFF;
                }
                yield value;
            }
            case SUM -> {
                for (byte one : data) {
                    value += one & 0xFF;
                }
                yield value & 0xFF;
            }
            case CRC8_J1850 -> crc8(data, 0x1D);
            case CRC8_H2F -> crc8(data, 0x2F);
            case COUNTER -> throw new IllegalArgumentException("a counter is no checksum");
        };
    }

    static long crc8(byte[] data, int polynomial) {
        int crc = 0xFF;
        for (byte one : data) {
            crc ^= one & 0xFF;
            for (int bit = 0; bit < 8; bit++) {
                crc = (crc & 0x80) != 0 ? (crc << 1) ^ polynomial : crc << 1;
            }
            crc &= 0xFF;
        }
        return crc ^ 0xFF;
    }
}

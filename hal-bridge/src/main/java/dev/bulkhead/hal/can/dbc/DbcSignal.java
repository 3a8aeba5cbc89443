package dev.bulkhead.hal.can.dbc;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * One signal of a message.
 *
 * @param start as written in the file: least significant bit (Intel) or most significant bit, sawtooth numbering (Motorola)
 * @param length in bits, 1 to 64
 * @param form how the bits are to be read
 * @param multiplexer whether other signals depend on its raw value
 * @param multiplexedBy the signal it depends on; empty when it is always there
 * @param multiplexValues raw values of that signal with which it is there
 * @param values texts for raw values
 */
public record DbcSignal(
        String name,
        int start,
        int length,
        boolean bigEndian,
        boolean signed,
        Form form,
        double factor,
        double offset,
        OptionalDouble min,
        OptionalDouble max,
        String unit,
        boolean multiplexer,
        Optional<String> multiplexedBy,
        List<Span> multiplexValues,
        Map<Long, String> values,
        List<String> receivers,
        String comment) {
    /** How raw bits are read. */
    public enum Form {
        INTEGER,
        FLOAT,
        DOUBLE
    }

    /** An inclusive range of raw values. */
    public record Span(long from, long to) {
        boolean contains(long value) {
            return value >= from && value <= to;
        }
    }

    public DbcSignal {
        multiplexValues = List.copyOf(multiplexValues);
        values = Map.copyOf(values);
        receivers = List.copyOf(receivers);
    }

    /** Where the bits begin when counted from the first byte's most significant (Motorola) or least significant bit (Intel). */
    int firstBit() {
        return bigEndian ? (start & ~7) + (7 - (start & 7)) : start;
    }

    /** Bytes a frame must have to carry the signal. */
    public int bytesNeeded() {
        return (firstBit() + length + 7) / 8;
    }
}

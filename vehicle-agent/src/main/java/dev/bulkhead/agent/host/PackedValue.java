package dev.bulkhead.agent.host;

import dev.bulkhead.hal.signal.Datatype;
import dev.bulkhead.hal.signal.SignalValue;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Strings and arrays as they cross to guests: a string as its UTF-8 bytes; an array as its packed little-endian elements; an array of
 * strings as, for each, a u32 length and its UTF-8 bytes.
 */
final class PackedValue {
    private PackedValue() {}

    static byte[] pack(SignalValue value) {
        return switch (value) {
            case SignalValue.Text text -> text.text().getBytes(StandardCharsets.UTF_8);
            case SignalValue.Scalar scalar -> packScalars(scalar.type(), List.of(scalar));
            case SignalValue.Items items when items.type().element() == Datatype.STRING -> packTexts(items);
            case SignalValue.Items items -> packScalars(items.type().element(), items.items());
        };
    }

    private static byte[] packTexts(SignalValue.Items items) {
        List<byte[]> texts = items.items().stream().map(PackedValue::pack).toList();
        int size = texts.stream().mapToInt(text -> 4 + text.length).sum();
        ByteBuffer out = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
        texts.forEach(text -> out.putInt(text.length).put(text));
        return out.array();
    }

    private static byte[] packScalars(Datatype element, List<? extends SignalValue> values) {
        ByteBuffer out = ByteBuffer.allocate(values.size() * element.bytes()).order(ByteOrder.LITTLE_ENDIAN);
        for (SignalValue value : values) {
            if (value instanceof SignalValue.Scalar scalar) {
                put(out, element, scalar.bits());
            }
        }
        return out.array();
    }

    private static void put(ByteBuffer out, Datatype type, long bits) {
        if (type == Datatype.FLOAT) {
            out.putFloat((float) type.toDouble(bits));
            return;
        }
        switch (type.bytes()) {
            case 1 -> out.put((byte) bits);
            case 2 -> out.putShort((short) bits);
            case 4 -> out.putInt((int) bits);
            default -> out.putLong(bits);
        }
    }

    /** The value of {@code type} that the bytes are; empty when they are none. */
    static Optional<SignalValue> unpack(Datatype type, byte[] bytes) {
        try {
            if (type == Datatype.STRING) {
                return text(ByteBuffer.wrap(bytes)).map(text -> text);
            }
            if (!type.isArray()) {
                return Optional.empty();
            }
            return items(type, ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN));
        } catch (BufferUnderflowException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static Optional<SignalValue> items(Datatype type, ByteBuffer in) {
        List<SignalValue> items = new ArrayList<>();
        while (in.hasRemaining()) {
            if (items.size() == SignalValue.MAX_ELEMENTS) {
                return Optional.empty();
            }
            Optional<? extends SignalValue> next = next(type.element(), in);
            if (next.isEmpty()) {
                return Optional.empty();
            }
            items.add(next.get());
        }
        return Optional.of(new SignalValue.Items(type, items));
    }

    private static Optional<? extends SignalValue> next(Datatype element, ByteBuffer in) {
        if (element == Datatype.STRING) {
            int length = in.getInt();
            if (length < 0 || length > in.remaining()) {
                return Optional.empty();
            }
            ByteBuffer slice = in.slice(in.position(), length);
            in.position(in.position() + length);
            return text(slice);
        }
        long bits = get(in, element);
        return element.carries(bits) ? Optional.of(new SignalValue.Scalar(element, bits)) : Optional.empty();
    }

    private static Optional<SignalValue.Text> text(ByteBuffer bytes) {
        try {
            return Optional.of(new SignalValue.Text(
                    StandardCharsets.UTF_8.newDecoder().decode(bytes).toString()));
        } catch (CharacterCodingException e) {
            return Optional.empty();
        }
    }

    private static long get(ByteBuffer in, Datatype type) {
        if (type == Datatype.FLOAT) {
            return Double.doubleToRawLongBits(in.getFloat());
        }
        boolean unsigned = type.name().startsWith("UINT") || type == Datatype.BOOLEAN;
        return switch (type.bytes()) {
            case 1 -> unsigned ? in.get() & 0xFFL : in.get();
            case 2 -> unsigned ? in.getShort() & 0xFFFFL : in.getShort();
            case 4 -> unsigned ? in.getInt() & 0xFFFF_FFFFL : in.getInt();
            default -> in.getLong();
        };
    }
}

package dev.bulkhead.agent.exec;

import dev.bulkhead.agent.sandbox.GuestType;
import dev.bulkhead.agent.sandbox.Signature;
import java.util.ArrayList;
import java.util.List;

/** Numbers of the command line to raw bits, and back. */
final class GuestValues {
    private GuestValues() {}

    static long[] parse(String function, Signature signature, List<String> texts) {
        if (texts.size() != signature.params().size()) {
            throw new ExecException(function + " is " + signature + ": "
                    + signature.params().size() + " arguments wanted, " + texts.size() + " given");
        }
        long[] bits = new long[texts.size()];
        for (int i = 0; i < bits.length; i++) {
            bits[i] = bits(signature.params().get(i), texts.get(i), i + 1);
        }
        return bits;
    }

    private static long bits(GuestType type, String text, int place) {
        try {
            return switch (type) {
                case I32 -> int32(text);
                case I64 -> int64(text);
                case F32 -> Float.floatToRawIntBits(Float.parseFloat(text));
                case F64 -> Double.doubleToRawLongBits(Double.parseDouble(text));
                case V128, FUNCREF, EXTERNREF, EXNREF ->
                    throw new ExecException("argument " + place + " is a " + type + ", which has no written form");
            };
        } catch (NumberFormatException e) {
            throw new ExecException("argument " + place + " is no " + type + ": " + text);
        }
    }

    private static long int32(String text) {
        long value = int64(text);
        if (value < Integer.MIN_VALUE || value > 0xFFFF_FFFFL) {
            throw new NumberFormatException(text);
        }
        return (int) value;
    }

    private static long int64(String text) {
        return text.startsWith("0x") ? Long.parseUnsignedLong(text.substring(2), 16) : Long.parseLong(text);
    }

    static List<String> print(Signature signature, List<Long> values) {
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < values.size(); i++) {
            long bits = values.get(i);
            texts.add(
                    switch (signature.results().get(i)) {
                        case I32 -> Integer.toString((int) bits);
                        case F32 -> Float.toString(Float.intBitsToFloat((int) bits));
                        case F64 -> Double.toString(Double.longBitsToDouble(bits));
                        case I64, V128, FUNCREF, EXTERNREF, EXNREF -> Long.toString(bits);
                    });
        }
        return texts;
    }
}

package dev.bulkhead.agent.exec;

import dev.bulkhead.agent.sandbox.GuestType;
import dev.bulkhead.agent.sandbox.Signature;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.LongStream;

/** Numbers of the command line to raw bits, and back. */
final class GuestValues {
    private GuestValues() {}

    static long[] parse(String function, Signature signature, List<String> texts) {
        if (texts.size() != signature.params().size()) {
            throw new ExecException(function + " is " + signature + ": "
                    + signature.params().size() + " arguments wanted, " + texts.size() + " given");
        }
        LongStream.Builder bits = LongStream.builder();
        for (int i = 0; i < texts.size(); i++) {
            if (signature.params().get(i) == GuestType.V128) {
                BigInteger vector = vector(texts.get(i), i + 1);
                bits.add(vector.longValue()).add(vector.shiftRight(Long.SIZE).longValue());
            } else {
                bits.add(bits(signature.params().get(i), texts.get(i), i + 1));
            }
        }
        return bits.build().toArray();
    }

    /** Hexadecimal digits after {@code 0x}, the first lane last, as in a number. */
    private static BigInteger vector(String text, int place) {
        if (!text.matches("0x[0-9a-fA-F]{1,32}")) {
            throw new ExecException("argument " + place + " is no V128 (0x and up to 32 hexadecimal digits): " + text);
        }
        return new BigInteger(text.substring(2), 16);
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
        int at = 0;
        for (GuestType type : signature.results()) {
            long bits = values.get(at++);
            long upper = type == GuestType.V128 ? values.get(at++) : 0;
            texts.add(
                    switch (type) {
                        case V128 -> String.format(Locale.ROOT, "0x%016x%016x", upper, bits);
                        case I32 -> Integer.toString((int) bits);
                        case F32 -> Float.toString(Float.intBitsToFloat((int) bits));
                        case F64 -> Double.toString(Double.longBitsToDouble(bits));
                        case I64, FUNCREF, EXTERNREF, EXNREF -> Long.toString(bits);
                    });
        }
        return texts;
    }
}

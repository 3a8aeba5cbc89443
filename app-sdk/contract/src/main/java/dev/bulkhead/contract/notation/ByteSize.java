package dev.bulkhead.contract.notation;

import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Byte sizes as {@code 512B}, {@code 256KiB}, {@code 4MiB}, {@code 1GiB}. */
public final class ByteSize {
    private static final Pattern FORM = Pattern.compile("([0-9]{1,12})(B|KiB|MiB|GiB)");

    private ByteSize() {}

    /** The size in bytes, or empty when the text is not a size. Never overflows: at most 12 digits are read. */
    public static OptionalLong parse(String text) {
        Matcher form = FORM.matcher(text);
        if (!form.matches()) {
            return OptionalLong.empty();
        }
        long number = Long.parseLong(form.group(1));
        return OptionalLong.of(
                switch (form.group(2)) {
                    case "B" -> number;
                    case "KiB" -> number << 10;
                    case "MiB" -> number << 20;
                    default -> Math.multiplyExact(Math.min(number, 1L << 32), 1L << 30);
                });
    }

    /** The shortest exact spelling of a size in bytes. */
    public static String text(long bytes) {
        if (bytes != 0 && bytes % (1L << 30) == 0) {
            return (bytes >> 30) + "GiB";
        }
        if (bytes != 0 && bytes % (1L << 20) == 0) {
            return (bytes >> 20) + "MiB";
        }
        return bytes != 0 && bytes % (1L << 10) == 0 ? (bytes >> 10) + "KiB" : bytes + "B";
    }
}

package dev.bulkhead.contract.pack;

import dev.bulkhead.contract.pack.PackageException.Reason;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Names in tar headers. */
final class TarText {
    private TarText() {}

    static String zeroEnded(byte[] bytes, int offset, int length) {
        int end = offset;
        while (end < offset + length && bytes[end] != 0) {
            end++;
        }
        return new String(bytes, offset, end - offset, StandardCharsets.ISO_8859_1);
    }

    /** Refuses names that leave the archive's root, and bytes that a terminal would act on. */
    static void checkName(String name) {
        boolean plain = name.chars().allMatch(c -> c > ' ' && c < 127 && c != '\\');
        boolean leaves =
                name.startsWith("/") || Arrays.asList(name.split("/", -1)).contains("..");
        if (!plain || leaves) {
            throw new PackageException(
                    Reason.BAD_NAME,
                    "'" + shown(name) + "' " + (leaves ? "leaves the package" : "is not a plain name"));
        }
    }

    /** A name of bytes as a message may show it. */
    static String shown(String name) {
        return name.chars().mapToObj(c -> printable((byte) c)).reduce("", String::concat);
    }

    static String printable(byte b) {
        return b > ' ' && b < 127 ? String.valueOf((char) b) : String.format("\\x%02x", b);
    }
}

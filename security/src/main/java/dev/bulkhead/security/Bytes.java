package dev.bulkhead.security;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;

/** An immutable run of bytes with value equality: a digest, a signature, a signed payload. */
public final class Bytes {
    private final byte[] content;

    private Bytes(byte[] content) {
        this.content = content;
    }

    /** A copy of these bytes. */
    public static Bytes copyOf(byte[] content) {
        return new Bytes(content.clone());
    }

    /** The UTF-8 bytes of a text. */
    public static Bytes ofText(String text) {
        return new Bytes(text.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * The bytes of a hex text, either case.
     *
     * @throws IllegalArgumentException when it is not hex
     */
    public static Bytes ofHex(String hex) {
        return new Bytes(HexFormat.of().parseHex(hex));
    }

    /** A copy that belongs to the caller. */
    public byte[] toArray() {
        return content.clone();
    }

    /** How many bytes. */
    public int size() {
        return content.length;
    }

    /** Lower-case hex. */
    public String hex() {
        return HexFormat.of().formatHex(content);
    }

    /** The bytes read as UTF-8. */
    public String text() {
        return new String(content, StandardCharsets.UTF_8);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Bytes bytes && Arrays.equals(content, bytes.content);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(content);
    }

    /** Hex, shortened for logs. */
    @Override
    public String toString() {
        return content.length <= 32
                ? hex()
                : HexFormat.of().formatHex(content, 0, 16) + "… (" + content.length + " bytes)";
    }
}

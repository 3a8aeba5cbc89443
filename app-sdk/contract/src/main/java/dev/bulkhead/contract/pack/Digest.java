package dev.bulkhead.contract.pack;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A SHA-256 digest as 64 lower-case hexadecimal digits; {@code toString} puts {@code sha256:} before them, as OCI does. */
public record Digest(String hex) implements Comparable<Digest> {
    private static final int DIGITS = 64;
    private static final String PREFIX = "sha256:";

    public Digest {
        if (!isHex(hex)) {
            throw new IllegalArgumentException("a SHA-256 digest has 64 lower-case hexadecimal digits");
        }
    }

    /** Whether text is the digits of a digest. */
    public static boolean isHex(String text) {
        boolean hex = text.length() == DIGITS;
        for (int i = 0; hex && i < DIGITS; i++) {
            char c = text.charAt(i);
            hex = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
        }
        return hex;
    }

    public static Digest of(byte[] content) {
        try {
            return new Digest(HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(content)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** Reads {@code sha256:<hex>}; empty for anything else. */
    public static Optional<Digest> parse(String text) {
        return Optional.of(text)
                .filter(t -> t.startsWith(PREFIX) && isHex(t.substring(PREFIX.length())))
                .map(t -> new Digest(t.substring(PREFIX.length())));
    }

    /** Written out, for a record's own is put together at its first use, which is in the start of an agent. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Digest digest && hex.equals(digest.hex);
    }

    @Override
    public int hashCode() {
        return hex.hashCode();
    }

    /** The 32 raw bytes. */
    public byte[] bytes() {
        return HexFormat.of().parseHex(hex);
    }

    @Override
    public int compareTo(Digest other) {
        return hex.compareTo(other.hex);
    }

    @Override
    public String toString() {
        return PREFIX + hex;
    }
}

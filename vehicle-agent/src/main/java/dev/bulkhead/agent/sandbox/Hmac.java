package dev.bulkhead.agent.sandbox;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

/**
 * HMAC-SHA-256 (RFC 2104) on the JDK's SHA-256. The JDK's own {@code Mac} first sets up its cipher framework, which opens every jar of the class
 * path: a tenth of a second in a process that is just starting.
 */
public final class Hmac {
    private static final int BLOCK = 64;
    private static final int INNER = 0x36;
    private static final int OUTER = 0x5C;
    /** Cloned at each use: looking SHA-256 up among the providers takes longer than hashing a row. */
    private static final MessageDigest SHA256 = lookedUp();

    private Hmac() {}

    /** The 32 bytes of the HMAC of all parts, one behind the other. */
    public static byte[] sha256(byte[] secret, byte[]... parts) {
        MessageDigest digest = sha256();
        byte[] key = Arrays.copyOf(secret.length > BLOCK ? digest.digest(secret) : secret, BLOCK);
        digest.update(masked(key, INNER));
        for (byte[] part : parts) {
            digest.update(part);
        }
        byte[] inner = digest.digest();
        digest.update(masked(key, OUTER));
        return digest.digest(inner);
    }

    static MessageDigest sha256() {
        try {
            return (MessageDigest) SHA256.clone();
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException("the JDK's SHA-256 can be cloned", e);
        }
    }

    private static MessageDigest lookedUp() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private static byte[] masked(byte[] key, int mask) {
        byte[] masked = new byte[BLOCK];
        for (int i = 0; i < BLOCK; i++) {
            masked[i] = (byte) (key[i] ^ mask);
        }
        return masked;
    }
}

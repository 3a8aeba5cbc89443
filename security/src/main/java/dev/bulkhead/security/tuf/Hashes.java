package dev.bulkhead.security.tuf;

import dev.bulkhead.security.Bytes;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Announced digests by the name TUF gives their algorithm. SHA-256 and SHA-512 count; others are carried along.
 *
 * @param byAlgorithm such as {@code sha256}
 */
public record Hashes(Map<String, Bytes> byAlgorithm) {
    private static final Map<String, String> KNOWN = Map.of("sha256", "SHA-256", "sha512", "SHA-512");

    public Hashes {
        byAlgorithm = Collections.unmodifiableMap(new LinkedHashMap<>(byAlgorithm));
    }

    /** No announcement. */
    public static Hashes none() {
        return new Hashes(Map.of());
    }

    /** SHA-256 of these bytes. */
    public static Hashes sha256(byte[] content) {
        return new Hashes(Map.of("sha256", Bytes.copyOf(digest("SHA-256").digest(content))));
    }

    /** The SHA-256, if announced. */
    public Optional<Bytes> sha256() {
        return Optional.ofNullable(byAlgorithm.get("sha256"));
    }

    /**
     * The first announced algorithm whose digest differs, or that nobody here can compute; empty when all agree.
     */
    Optional<String> differsFrom(byte[] content) {
        for (Map.Entry<String, Bytes> announced : byAlgorithm.entrySet()) {
            String algorithm = KNOWN.get(announced.getKey());
            if (algorithm == null) {
                return Optional.of(announced.getKey() + " is not supported");
            }
            Bytes actual = Bytes.copyOf(digest(algorithm).digest(content));
            if (!actual.equals(announced.getValue())) {
                return Optional.of(announced.getKey() + " is " + actual.hex() + ", announced "
                        + announced.getValue().hex());
            }
        }
        return Optional.empty();
    }

    static MessageDigest digest(String algorithm) {
        try {
            return MessageDigest.getInstance(algorithm);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java runtime has no " + algorithm, e);
        }
    }
}

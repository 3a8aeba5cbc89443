package dev.bulkhead.security.keys;

import java.util.Locale;
import java.util.Optional;

/** A signature scheme, with the names TUF metadata gives it (TUF 1.0 section 4.2; ML-DSA per TAP 21). */
public enum KeyScheme {
    /** Ed25519 (RFC 8032), public part as 64 hex digits. */
    ED25519("ed25519", "ed25519"),
    /** ECDSA over P-256 with SHA-256, public part as PEM. */
    ECDSA_P256("ecdsa", "ecdsa-sha2-nistp256"),
    /** ECDSA over P-384 with SHA-384, public part as PEM; verified only. */
    ECDSA_P384("ecdsa", "ecdsa-sha2-nistp384"),
    /** RSASSA-PSS with SHA-256, public part as PEM; verified only. */
    RSA_PSS_SHA256("rsa", "rsassa-pss-sha256"),
    /** ML-DSA-65 (FIPS 204) over {@code "tuf" ‖ 0x01 ‖ SHA-512(message)}, public part as PEM. */
    ML_DSA_65("ml-dsa", "ml-dsa-65/1");

    private final String keyType;
    private final String schemeName;

    KeyScheme(String keyType, String schemeName) {
        this.keyType = keyType;
        this.schemeName = schemeName;
    }

    /** The {@code keytype} of metadata. */
    public String keyType() {
        return keyType;
    }

    /** The {@code scheme} of metadata. */
    public String schemeName() {
        return schemeName;
    }

    /** A word for file names and command lines, such as {@code ml-dsa-65}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The scheme of these metadata names, if it is known here. */
    public static Optional<KeyScheme> find(String keyType, String schemeName) {
        for (KeyScheme scheme : values()) {
            // older repositories write the scheme's name as the key type of ECDSA keys
            boolean typeFits = scheme.keyType.equals(keyType)
                    || (scheme.keyType.equals("ecdsa") && scheme.schemeName.equals(keyType));
            if (typeFits && scheme.schemeName.equals(schemeName)) {
                return Optional.of(scheme);
            }
        }
        return Optional.empty();
    }
}

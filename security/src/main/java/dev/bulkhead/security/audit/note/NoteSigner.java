package dev.bulkhead.security.audit.note;

/** An Ed25519 key that signs notes; the private part may live anywhere. */
public interface NoteSigner {
    /** The 32 bytes of the public key. */
    byte[] publicKey();

    /** The 64-byte Ed25519 signature over {@code message}. */
    byte[] sign(byte[] message);
}

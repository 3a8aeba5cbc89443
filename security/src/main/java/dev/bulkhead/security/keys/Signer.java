package dev.bulkhead.security.keys;

/** Something that holds a private key and signs with it: a key file, a token. Safe for use by several threads. */
public interface Signer {
    /** The public half of the key. */
    VerificationKey publicKey();

    /**
     * Signs a message with the key's scheme.
     *
     * @throws KeyException when the key cannot be used
     */
    byte[] sign(byte[] message);

    /** The TUF key id: SHA-256 in hex over the canonical JSON of the public key. */
    default String keyId() {
        return publicKey().keyId();
    }
}

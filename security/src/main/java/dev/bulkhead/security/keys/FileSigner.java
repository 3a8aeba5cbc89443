package dev.bulkhead.security.keys;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Optional;

/** A private key in memory, read from or kept in a PKCS#8 PEM file. Immutable. */
public final class FileSigner implements Signer {
    private final PrivateKeyOperation operation;

    FileSigner(PrivateKeyOperation operation) {
        this.operation = operation;
    }

    /**
     * A fresh key pair.
     *
     * @param scheme Ed25519, ECDSA P-256 or ML-DSA-65
     * @throws KeyException for schemes that are verified only
     */
    public static FileSigner generate(KeyScheme scheme, SecureRandom random) {
        return new FileSigner(PrivateKeyOperation.generate(scheme, random));
    }

    /**
     * Reads a PKCS#8 PEM file, encrypted (PBES2) or not.
     *
     * @param passphrase needed when the file is encrypted
     * @throws KeyException when the file is missing, malformed, or the passphrase is missing or wrong
     */
    public static FileSigner read(Path file, Optional<char[]> passphrase) {
        return new FileSigner(PrivateKeyOperation.decode(PrivateKeyFile.read(file, passphrase), file.toString()));
    }

    /** The key of PKCS#8 DER bytes. */
    public static FileSigner ofPkcs8(byte[] der) {
        return new FileSigner(PrivateKeyOperation.decode(der, "PKCS#8 bytes"));
    }

    /**
     * Writes the key as PKCS#8 PEM, readable by its owner only, at once or not at all.
     *
     * @param passphrase encrypts with PBES2 (PBKDF2-HMAC-SHA256, AES-256-CBC) when present
     * @throws KeyException when the file exists already or cannot be written
     */
    public void write(Path file, Optional<char[]> passphrase) {
        PrivateKeyFile.write(file, pkcs8(), passphrase);
    }

    /** PKCS#8 DER of the private key. Handle with care. */
    public byte[] pkcs8() {
        return operation.pkcs8();
    }

    @Override
    public VerificationKey publicKey() {
        return operation.publicKey();
    }

    @Override
    public byte[] sign(byte[] message) {
        return operation.sign(message);
    }
}

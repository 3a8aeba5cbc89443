package dev.bulkhead.security.keys;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.SecureRandom;
import java.util.Optional;
import javax.crypto.Cipher;
import javax.crypto.EncryptedPrivateKeyInfo;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.PBEParameterSpec;
import org.bouncycastle.asn1.ASN1Primitive;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;

/** PKCS#8 PEM files; encrypted ones use PBES2 (RFC 8018) with PBKDF2-HMAC-SHA256 and AES-256-CBC. */
final class PrivateKeyFile {
    private static final String ENCRYPTION = "PBEWithHmacSHA256AndAES_256";
    private static final int ITERATIONS = 210_000;
    private static final int MAX_ITERATIONS = 10_000_000;
    private static final int MAX_BYTES = 64 << 10;
    private static final String PLAIN_LABEL = "PRIVATE KEY";
    private static final String ENCRYPTED_LABEL = "ENCRYPTED PRIVATE KEY";

    private PrivateKeyFile() {}

    static byte[] read(Path file, Optional<char[]> passphrase) {
        Pem.Block block = Pem.find(text(file), PLAIN_LABEL, ENCRYPTED_LABEL)
                .orElseThrow(() -> new KeyException(file + ": no private key in this PEM file"));
        if (block.label().equals(PLAIN_LABEL)) {
            return block.der();
        }
        char[] secret =
                passphrase.orElseThrow(() -> new KeyException(file + ": this key is encrypted; give its passphrase"));
        return decrypt(file, block.der(), secret);
    }

    static void write(Path file, byte[] pkcs8, Optional<char[]> passphrase) {
        String pem = passphrase.isPresent()
                ? Pem.encode(ENCRYPTED_LABEL, encrypt(pkcs8, passphrase.get()))
                : Pem.encode(PLAIN_LABEL, pkcs8);
        NewFile.writeSecret(file, pem.getBytes(StandardCharsets.US_ASCII));
    }

    private static String text(Path file) {
        try {
            if (Files.size(file) > MAX_BYTES) {
                throw new KeyException(file + ": larger than " + MAX_BYTES + " bytes, so no key file");
            }
            return Files.readString(file, StandardCharsets.US_ASCII);
        } catch (NoSuchFileException e) {
            throw new KeyException(file + ": no such key file", e);
        } catch (IOException e) {
            throw new KeyException(file + ": cannot be read as a key file", e);
        }
    }

    private static byte[] encrypt(byte[] pkcs8, char[] passphrase) {
        try {
            Cipher cipher = Cipher.getInstance(ENCRYPTION);
            byte[] salt = new byte[16];
            new SecureRandom().nextBytes(salt);
            cipher.init(Cipher.ENCRYPT_MODE, secretKey(ENCRYPTION, passphrase), new PBEParameterSpec(salt, ITERATIONS));
            byte[] sealed = cipher.doFinal(pkcs8);
            // the JDK knows the cipher's name but not the identifier PKCS#8 wants for it
            AlgorithmIdentifier pbes2 = new AlgorithmIdentifier(
                    PKCSObjectIdentifiers.id_PBES2,
                    ASN1Primitive.fromByteArray(cipher.getParameters().getEncoded()));
            return new org.bouncycastle.asn1.pkcs.EncryptedPrivateKeyInfo(pbes2, sealed).getEncoded();
        } catch (GeneralSecurityException | IOException e) {
            throw new KeyException("cannot encrypt a private key", e);
        }
    }

    private static byte[] decrypt(Path file, byte[] der, char[] passphrase) {
        try {
            EncryptedPrivateKeyInfo sealed = new EncryptedPrivateKeyInfo(der);
            AlgorithmParameters parameters = sealed.getAlgParameters();
            if (parameters == null) {
                throw new KeyException(file + ": encrypted without parameters, which PBES2 never is");
            }
            PBEParameterSpec spec = parameters.getParameterSpec(PBEParameterSpec.class);
            if (spec.getIterationCount() > MAX_ITERATIONS) {
                throw new KeyException(file + ": " + spec.getIterationCount() + " iterations, limit " + MAX_ITERATIONS);
            }
            // the JDK names PBES2 parameters by their key derivation and cipher only in this text
            String algorithm = parameters.toString();
            Cipher cipher = Cipher.getInstance(algorithm);
            cipher.init(Cipher.DECRYPT_MODE, secretKey(algorithm, passphrase), parameters);
            return cipher.doFinal(sealed.getEncryptedData());
        } catch (GeneralSecurityException | IOException e) {
            throw new KeyException(file + ": wrong passphrase, or not a PBES2 key file", e);
        }
    }

    private static Key secretKey(String algorithm, char[] passphrase) throws GeneralSecurityException {
        return SecretKeyFactory.getInstance(algorithm).generateSecret(new PBEKeySpec(passphrase));
    }
}

package dev.bulkhead.security.keys;

import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.SecureRandom;
import java.security.Security;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.InstantSource;

/**
 * A PKCS#11 token: a hardware module, or software that behaves like one. Keys are made in it and never leave it. They
 * are ECDSA P-256, which every token knows. Safe for use by several threads.
 */
public final class Pkcs11Token {
    /** The token's key store hides a private key that has no certificate, so each gets one; nothing ever reads it. */
    private static final Duration CERTIFICATE_LIFETIME = Duration.ofDays(18_250);

    private final Provider provider;
    private final KeyStore keys;

    private Pkcs11Token(Provider provider, KeyStore keys) {
        this.provider = provider;
        this.keys = keys;
    }

    /**
     * Opens a token and logs in.
     *
     * @param library the vendor's PKCS#11 library
     * @param slotIndex index in the library's list of slots, from 0
     * @throws KeyException when the library cannot be loaded, the slot holds no token, or the PIN is wrong
     */
    public static Pkcs11Token open(Path library, int slotIndex, char[] pin) {
        try {
            Provider template = Security.getProvider("SunPKCS11");
            if (template == null) {
                throw new KeyException("this Java runtime has no PKCS#11 provider (module jdk.crypto.cryptoki)");
            }
            Provider provider = template.configure("--name = bulkhead-" + slotIndex + "\nlibrary = \""
                    + library.toAbsolutePath() + "\"\nslotListIndex = " + slotIndex + "\n");
            KeyStore keys = KeyStore.getInstance("PKCS11", provider);
            keys.load(null, pin);
            return new Pkcs11Token(provider, keys);
        } catch (GeneralSecurityException | IOException | RuntimeException e) {
            throw new KeyException("cannot open the token in slot " + slotIndex + " of " + library, e);
        }
    }

    /**
     * The signer of a key in the token.
     *
     * @throws KeyException when there is no key of that label
     */
    public Signer signer(String label) {
        try {
            if (!(keys.getKey(label, null) instanceof PrivateKey key)
                    || !(keys.getCertificate(label) instanceof X509Certificate certificate)) {
                throw new KeyException("no key labelled " + label + " in the token");
            }
            return new Pkcs11Signer(provider, key, Certificates.publicKey(certificate));
        } catch (GeneralSecurityException e) {
            throw new KeyException("cannot read key " + label + " from the token", e);
        }
    }

    /**
     * Makes a key in the token.
     *
     * @throws KeyException when the label is taken or the token refuses
     */
    public Signer generate(String label, InstantSource time, SecureRandom random) {
        try {
            if (keys.containsAlias(label)) {
                throw new KeyException("the token has a key labelled " + label + " already; it is never written over");
            }
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC", provider);
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            KeyPair pair = generator.generateKeyPair();
            VerificationKey publicKey = new VerificationKey(
                    KeyScheme.ECDSA_P256,
                    Pem.encode("PUBLIC KEY", pair.getPublic().getEncoded()));
            Signer signer = new Pkcs11Signer(provider, pair.getPrivate(), publicKey);
            Certificate certificate = CertificateAuthority.newRoot(signer, label, CERTIFICATE_LIFETIME, time, random)
                    .certificate();
            keys.setKeyEntry(label, pair.getPrivate(), null, new Certificate[] {certificate});
            return signer(label);
        } catch (GeneralSecurityException e) {
            throw new KeyException("the token made no key " + label, e);
        }
    }
}

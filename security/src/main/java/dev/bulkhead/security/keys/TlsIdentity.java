package dev.bulkhead.security.keys;

import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.List;
import java.util.Optional;

/**
 * Who one end of a TLS connection is.
 *
 * @param key the ECDSA P-256 private key of the first certificate
 * @param chain leaf first, without the root
 */
public record TlsIdentity(PrivateKey key, List<X509Certificate> chain) {
    public TlsIdentity {
        chain = List.copyOf(chain);
        if (chain.isEmpty()) {
            throw new KeyException("a TLS identity wants a certificate");
        }
    }

    /** The identity of a key in memory. */
    public static TlsIdentity of(FileSigner key, List<X509Certificate> chain) {
        if (key.publicKey().scheme() != KeyScheme.ECDSA_P256) {
            throw new KeyException("TLS keys are ecdsa-p256 here, not "
                    + key.publicKey().scheme().word());
        }
        if (chain.isEmpty() || !Certificates.publicKey(chain.getFirst()).equals(key.publicKey())) {
            throw new KeyException("the TLS key does not belong to the first certificate of its chain");
        }
        try {
            return new TlsIdentity(
                    KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(key.pkcs8())), chain);
        } catch (GeneralSecurityException e) {
            throw new KeyException("a P-256 key this Java runtime cannot use", e);
        }
    }

    /**
     * Reads key and chain from PEM files.
     *
     * @throws KeyException when either cannot be read, or they do not belong together
     */
    public static TlsIdentity read(Path keyFile, Path chainFile, Optional<char[]> passphrase) {
        return of(FileSigner.read(keyFile, passphrase), Certificates.readChain(chainFile));
    }

    /** The common name of the leaf: for a vehicle, its id. */
    public String commonName() {
        return Certificates.commonName(chain.getFirst());
    }

    /** A PKCS#12 key store in memory with this identity under the alias {@code identity}. */
    public KeyStore toKeyStore(char[] password) {
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            store.setKeyEntry("identity", key, password, chain.toArray(X509Certificate[]::new));
            return store;
        } catch (GeneralSecurityException | IOException e) {
            throw new KeyException("cannot make a key store in memory", e);
        }
    }
}

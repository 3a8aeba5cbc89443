package dev.bulkhead.security.keys;

import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.Signature;

/** Signs inside a token. */
record Pkcs11Signer(Provider provider, PrivateKey key, VerificationKey publicKey) implements Signer {
    @Override
    public byte[] sign(byte[] message) {
        try {
            Signature signer = Signature.getInstance("SHA256withECDSA", provider);
            signer.initSign(key);
            signer.update(message);
            return signer.sign();
        } catch (GeneralSecurityException e) {
            throw new KeyException("the token did not sign", e);
        }
    }
}

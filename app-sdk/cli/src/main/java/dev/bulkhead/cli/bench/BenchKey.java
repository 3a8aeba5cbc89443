package dev.bulkhead.cli.bench;

import dev.bulkhead.security.audit.note.NoteSigner;
import java.security.SecureRandom;
import org.bouncycastle.crypto.params.Ed25519PrivateKeyParameters;
import org.bouncycastle.crypto.signers.Ed25519Signer;

/** A key for one run. */
final class BenchKey implements NoteSigner {
    private final Ed25519PrivateKeyParameters key;

    private BenchKey(Ed25519PrivateKeyParameters key) {
        this.key = key;
    }

    static BenchKey make() {
        return new BenchKey(new Ed25519PrivateKeyParameters(new SecureRandom()));
    }

    @Override
    public byte[] publicKey() {
        return key.generatePublicKey().getEncoded();
    }

    @Override
    public byte[] sign(byte[] message) {
        var signer = new Ed25519Signer();
        signer.init(true, key);
        signer.update(message, 0, message.length);
        return signer.generateSignature();
    }
}

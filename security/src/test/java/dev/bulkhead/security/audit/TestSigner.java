package dev.bulkhead.security.audit;

import dev.bulkhead.security.audit.note.NoteKey;
import dev.bulkhead.security.audit.note.NoteSigner;
import org.bouncycastle.crypto.params.Ed25519PrivateKeyParameters;
import org.bouncycastle.crypto.signers.Ed25519Signer;

/** An Ed25519 key made from a seed. */
public final class TestSigner implements NoteSigner {
    private final Ed25519PrivateKeyParameters key;

    public TestSigner(int seed) {
        byte[] bytes = new byte[Ed25519PrivateKeyParameters.KEY_SIZE];
        bytes[0] = (byte) seed;
        this.key = new Ed25519PrivateKeyParameters(bytes);
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

    public NoteKey noteKey(String name) {
        return NoteKey.of(name, publicKey());
    }
}

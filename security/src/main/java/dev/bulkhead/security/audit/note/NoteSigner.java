package dev.bulkhead.security.audit.note;

import dev.bulkhead.security.keys.KeyScheme;
import dev.bulkhead.security.keys.Signer;
import java.util.HexFormat;

/** An Ed25519 key that signs notes; the private part may live anywhere. Thread-safe. */
public interface NoteSigner {
    /** The 32 bytes of the public key. */
    byte[] publicKey();

    /** The 64-byte Ed25519 signature over {@code message}. */
    byte[] sign(byte[] message);

    /**
     * Lets a signer of the key room sign notes.
     *
     * @throws NoteException if its key is not an Ed25519 key
     */
    static NoteSigner of(Signer signer) {
        if (signer.publicKey().scheme() != KeyScheme.ED25519) {
            throw new NoteException(
                    "notes are signed with Ed25519, not " + signer.publicKey().scheme());
        }
        return new NoteSigner() {
            @Override
            public byte[] publicKey() {
                return HexFormat.of().parseHex(signer.publicKey().publicText());
            }

            @Override
            public byte[] sign(byte[] message) {
                return signer.sign(message);
            }
        };
    }
}

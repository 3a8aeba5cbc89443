package dev.bulkhead.security.audit.note;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import org.bouncycastle.crypto.params.Ed25519PublicKeyParameters;
import org.bouncycastle.crypto.signers.Ed25519Signer;

/**
 * A name and an Ed25519 public key, written {@code name+hash+base64} as in C2SP signed-note. Immutable and thread-safe.
 */
public final class NoteKey {
    private static final byte ED25519 = 1;
    private static final int MAX_NAME = 256;
    private static final int SIGNATURE_SIZE = 64;

    private final String name;
    private final byte[] publicKey;
    private final int id;

    private NoteKey(String name, byte[] publicKey) {
        this.name = requireName(name);
        if (publicKey.length != Ed25519PublicKeyParameters.KEY_SIZE) {
            throw new NoteException("an Ed25519 key has 32 bytes, not " + publicKey.length);
        }
        this.publicKey = publicKey.clone();
        this.id = computeId();
    }

    /** A key under a name. */
    public static NoteKey of(String name, byte[] publicKey) {
        return new NoteKey(name, publicKey);
    }

    /** Reads {@code name+hash+base64}. */
    public static NoteKey parse(String text) {
        String[] parts = text.strip().split("\\+", 3);
        if (parts.length != 3) {
            throw new NoteException("a verifier key reads name+hash+base64, not '" + SignedNote.shorten(text) + "'");
        }
        byte[] typed = SignedNote.base64(parts[2], "the verifier key");
        if (typed.length != 33 || typed[0] != ED25519) {
            throw new NoteException("only Ed25519 verifier keys are known (type 1 and 32 bytes)");
        }
        var key = new NoteKey(parts[0], Arrays.copyOfRange(typed, 1, typed.length));
        if (!key.idText().equals(parts[1])) {
            throw new NoteException("the key hash is " + key.idText() + ", the text says " + parts[1]);
        }
        return key;
    }

    /** A valid key name: not empty, without spaces or plus signs. */
    static String requireName(String name) {
        boolean clean = name.chars().noneMatch(c -> Character.isWhitespace(c) || c == '+' || Character.isISOControl(c));
        if (name.isEmpty() || name.length() > MAX_NAME || !clean) {
            throw new NoteException("not a key name (1.." + MAX_NAME + " characters, no space, no '+'): '"
                    + SignedNote.shorten(name) + "'");
        }
        return name;
    }

    private int computeId() {
        var text = new ByteArrayOutputStream();
        text.writeBytes(name.getBytes(StandardCharsets.UTF_8));
        text.write('\n');
        text.write(ED25519);
        text.writeBytes(publicKey);
        byte[] digest = sha256(text.toByteArray());
        return (digest[0] & 0xff) << 24 | (digest[1] & 0xff) << 16 | (digest[2] & 0xff) << 8 | (digest[3] & 0xff);
    }

    private static byte[] sha256(byte[] data) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(data);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java platform has SHA-256", impossible);
        }
    }

    /** Whether {@code signature} is this key's over {@code message}. */
    boolean verifies(byte[] message, byte[] signature) {
        if (signature.length != SIGNATURE_SIZE) {
            return false;
        }
        var verifier = new Ed25519Signer();
        verifier.init(false, new Ed25519PublicKeyParameters(publicKey, 0));
        verifier.update(message, 0, message.length);
        return verifier.verifySignature(signature);
    }

    /** The name, by custom the origin of the log. */
    public String name() {
        return name;
    }

    /** The first four bytes of the key's hash. */
    int id() {
        return id;
    }

    private String idText() {
        return HexFormat.of().toHexDigits(id);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof NoteKey key && name.equals(key.name) && Arrays.equals(publicKey, key.publicKey);
    }

    @Override
    public int hashCode() {
        return id;
    }

    /** {@code name+hash+base64}. */
    @Override
    public String toString() {
        byte[] typed = new byte[publicKey.length + 1];
        typed[0] = ED25519;
        System.arraycopy(publicKey, 0, typed, 1, publicKey.length);
        return name + "+" + idText() + "+" + Base64.getEncoder().encodeToString(typed);
    }
}

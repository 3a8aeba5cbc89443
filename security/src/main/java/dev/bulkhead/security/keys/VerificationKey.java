package dev.bulkhead.security.keys;

import dev.bulkhead.security.json.Json;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * A public key the way TUF metadata writes it.
 *
 * @param scheme what it verifies
 * @param publicText 64 hex digits for Ed25519, PEM (SubjectPublicKeyInfo) for the others
 */
public record VerificationKey(KeyScheme scheme, String publicText) {
    private static final int MAX_PUBLIC_TEXT = 16 << 10;

    public VerificationKey {
        Objects.requireNonNull(scheme, "scheme");
        if (publicText.length() > MAX_PUBLIC_TEXT) {
            throw new KeyException("public key of " + publicText.length() + " characters, limit " + MAX_PUBLIC_TEXT);
        }
    }

    /** The TUF key id: SHA-256 in lower-case hex over the canonical JSON of {@link #toJson()}. */
    public String keyId() {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(toJson().canonical());
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new KeyException("this Java runtime has no SHA-256", e);
        }
    }

    /** The {@code {keytype, keyval, scheme}} object of TUF metadata. */
    public Json.Obj toJson() {
        Map<String, Json> members = new LinkedHashMap<>();
        members.put("keytype", Json.of(scheme.keyType()));
        members.put("keyval", Json.object().with("public", Json.of(publicText)));
        members.put("scheme", Json.of(scheme.schemeName()));
        return new Json.Obj(members);
    }

    /**
     * Whether the signature is this key's over the message. A malformed signature or key is simply not valid.
     */
    public boolean verify(byte[] message, byte[] signature) {
        return SignatureCheck.holds(this, message, signature);
    }
}

package dev.bulkhead.hal.databroker;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.Signature;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/**
 * Verifies JSON web tokens (RFC 7519) signed with EdDSA (Ed25519), ES256 or RS256 by one of the keys it was given. Tokens without an
 * expiry, or signed in any other way, are worth nothing. Thread-safe.
 */
public final class TokenVerifier {
    private static final int MAX_TOKEN = 16_384;
    private static final ObjectMapper JSON = new ObjectMapper();

    /** The claims of a verified token that matter here. */
    record Claims(String subject, String scope, long expiresAt) {}

    private final List<PublicKey> keys;
    private final InstantSource clock;

    public TokenVerifier(List<PublicKey> keys, InstantSource clock) {
        this.keys = List.copyOf(keys);
        this.clock = clock;
    }

    /** The token's claims; empty when it is not one of ours or out of its time. */
    Optional<Claims> verify(String token) {
        String[] parts = token.length() > MAX_TOKEN ? new String[0] : token.split("\\.", -1);
        if (parts.length != 3) {
            return Optional.empty();
        }
        try {
            String algorithm = json(parts[0]).path("alg").asText();
            byte[] signed = (parts[0] + "." + parts[1]).getBytes(StandardCharsets.US_ASCII);
            byte[] signature = Base64.getUrlDecoder().decode(parts[2]);
            boolean good = false;
            for (PublicKey key : keys) {
                good |= isSignedBy(key, algorithm, signed, signature);
            }
            return good ? claims(json(parts[1])) : Optional.empty();
        } catch (IOException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** Whether the claims still hold. */
    boolean inTime(Claims claims) {
        return claims.expiresAt() > clock.instant().getEpochSecond();
    }

    private static JsonNode json(String part) throws IOException {
        return JSON.readTree(Base64.getUrlDecoder().decode(part));
    }

    /** The key decides which algorithm may be used with it, never the token. */
    private static boolean isSignedBy(PublicKey key, String algorithm, byte[] signed, byte[] signature) {
        String wanted = switch (key.getAlgorithm()) {
            case "EdDSA", "Ed25519" -> algorithm.equals("EdDSA") ? "Ed25519" : "";
            case "EC" -> algorithm.equals("ES256") ? "SHA256withECDSAinP1363Format" : "";
            case "RSA" -> algorithm.equals("RS256") ? "SHA256withRSA" : "";
            default -> "";
        };
        if (wanted.isEmpty()) {
            return false;
        }
        try {
            Signature verifier = Signature.getInstance(wanted);
            verifier.initVerify(key);
            verifier.update(signed);
            return verifier.verify(signature);
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    private Optional<Claims> claims(JsonNode json) {
        long now = clock.instant().getEpochSecond();
        boolean inTime = json.path("exp").asLong(0) > now && json.path("nbf").asLong(0) <= now;
        if (!inTime) {
            return Optional.empty();
        }
        return Optional.of(new Claims(
                json.path("sub").asText("unnamed"),
                scope(json),
                json.path("exp").asLong()));
    }

    /** {@code scope} as one text or a list, or {@code scp}. */
    private static String scope(JsonNode json) {
        JsonNode scope = json.has("scope") ? json.get("scope") : json.path("scp");
        if (!scope.isArray()) {
            return scope.asText("");
        }
        StringBuilder all = new StringBuilder();
        scope.forEach(item -> all.append(item.asText()).append(' '));
        return all.toString();
    }
}

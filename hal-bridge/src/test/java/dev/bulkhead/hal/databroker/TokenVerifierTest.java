package dev.bulkhead.hal.databroker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TokenVerifierTest {
    private static final long NOW = 1_800_000_000L;
    private static final String CLAIMS =
            "{\"sub\":\"dash\",\"iss\":\"fleet\",\"aud\":[\"kuksa.val\"],\"iat\":1700000000,\"exp\":1800000060,"
                    + "\"scope\":\"read:Vehicle.Speed provide\"}";

    private final KeyPair ed = pair("Ed25519");
    private final KeyPair ec = pair("EC");
    private final KeyPair rsa = pair("RSA");
    private final TokenVerifier verifier = new TokenVerifier(
            List.of(ed.getPublic(), ec.getPublic(), rsa.getPublic()), () -> Instant.ofEpochSecond(NOW));

    private static KeyPair pair(String algorithm) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
            if (algorithm.equals("EC")) {
                generator.initialize(new ECGenParameterSpec("secp256r1"));
            } else if (algorithm.equals("RSA")) {
                generator.initialize(2_048);
            }
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String token(KeyPair pair, String signature, String header, String claims) {
        try {
            Base64.Encoder base64 = Base64.getUrlEncoder().withoutPadding();
            String body = base64.encodeToString(header.getBytes(StandardCharsets.UTF_8)) + "."
                    + base64.encodeToString(claims.getBytes(StandardCharsets.UTF_8));
            Signature signer = Signature.getInstance(signature);
            signer.initSign(pair.getPrivate());
            signer.update(body.getBytes(StandardCharsets.US_ASCII));
            return body + "." + base64.encodeToString(signer.sign());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private String ed(String claims) {
        return token(ed, "Ed25519", "{\"alg\":\"EdDSA\",\"typ\":\"JWT\",\"kid\":\"7\"}", claims);
    }

    private Optional<String> scope(String token) {
        return verifier.verify(token).map(TokenVerifier.Claims::scope);
    }

    @Test
    void threeWaysOfSigningAreUnderstood() {
        assertEquals(Optional.of("read:Vehicle.Speed provide"), scope(ed(CLAIMS)));
        assertEquals(
                "dash",
                verifier.verify(token(ec, "SHA256withECDSAinP1363Format", "{\"alg\":\"ES256\"}", CLAIMS))
                        .orElseThrow()
                        .subject());
        assertEquals(
                "dash",
                verifier.verify(token(rsa, "SHA256withRSA", "{\"alg\":\"RS256\"}", CLAIMS))
                        .orElseThrow()
                        .subject());
    }

    /** The key says how it is used; a header that says otherwise gets nothing. */
    @Test
    void aHeaderCannotTurnOneKeyIntoAnother() {
        for (String algorithm : List.of("ES256", "RS256", "HS256", "none", "")) {
            String token = token(ed, "Ed25519", "{\"alg\":\"" + algorithm + "\"}", CLAIMS);
            assertTrue(verifier.verify(token).isEmpty(), algorithm);
        }
        assertTrue(verifier.verify(token(ec, "SHA256withECDSA", "{\"alg\":\"ES256\"}", CLAIMS))
                .isEmpty());
        assertTrue(verifier.verify(token(pair("Ed25519"), "Ed25519", "{\"alg\":\"EdDSA\"}", CLAIMS))
                .isEmpty());
    }

    @Test
    void scopesComeAsTextOrAsAListUnderEitherName() {
        String exp = "\"exp\":1800000060";
        assertEquals(Optional.of("read actuate"), scope(ed("{" + exp + ",\"scp\":\"read actuate\"}")));
        assertEquals(
                Optional.of("read actuate:Vehicle.Cabin"),
                scope(ed("{" + exp + ",\"scope\":[\"read\",\"actuate:Vehicle.Cabin\"]}"))
                        .map(String::strip));
        assertEquals(Optional.of(""), scope(ed("{" + exp + "}")));
        assertEquals(
                "unnamed", verifier.verify(ed("{" + exp + "}")).orElseThrow().subject());
    }

    @Test
    void timeAndFormHold() {
        for (String claims : List.of(
                "{\"scope\":\"read\"}",
                "{\"exp\":1800000000}",
                "{\"exp\":\"soon\"}",
                "{\"exp\":1800000060,\"nbf\":1800000001}",
                "[]",
                "\"read\"",
                "{\"exp\":")) {
            assertTrue(verifier.verify(ed(claims)).isEmpty(), claims);
        }
        assertTrue(verifier.verify(ed(CLAIMS).replace('.', ' ')).isEmpty());
        assertTrue(verifier.verify(ed(CLAIMS) + ".x").isEmpty());
    }
}

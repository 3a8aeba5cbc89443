package dev.bulkhead.security.keys;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Objects;
import org.bouncycastle.crypto.params.MLDSAParameters;
import org.bouncycastle.crypto.params.MLDSAPublicKeyParameters;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * Project Wycheproof's vectors through the verifiers used here. They do not ship with Bulkhead: {@code
 * -Dbulkhead.wycheproof=FOLDER} names its {@code testvectors_v1}.
 */
@EnabledIfSystemProperty(named = "bulkhead.wycheproof", matches = ".+")
class WycheproofTest {
    private static final HexFormat HEX = HexFormat.of();

    /** Decides one vector. */
    private interface Verifier {
        boolean holds(JsonNode group, byte[] message, byte[] signature) throws IOException;
    }

    @Test
    void ed25519() throws IOException {
        int vectors = run(
                "ed25519_test.json",
                (group, message, signature) -> new VerificationKey(
                                KeyScheme.ED25519,
                                group.get("publicKey").get("pk").asText())
                        .verify(message, signature));
        assertTrue(vectors >= 100, vectors + " vectors");
    }

    @Test
    void ecdsaP256() throws IOException {
        int vectors = run(
                "ecdsa_secp256r1_sha256_test.json",
                (group, message, signature) -> new VerificationKey(
                                KeyScheme.ECDSA_P256, group.get("publicKeyPem").asText())
                        .verify(message, signature));
        assertTrue(vectors >= 400, vectors + " vectors");
    }

    @Test
    void mlDsa65() throws IOException {
        int vectors = run("mldsa_65_verify_test.json", WycheproofTest::mlDsa65);
        assertTrue(vectors >= 150, vectors + " vectors");
    }

    private static boolean mlDsa65(JsonNode group, byte[] message, byte[] signature) {
        try {
            MLDSAPublicKeyParameters key = new MLDSAPublicKeyParameters(
                    MLDSAParameters.ml_dsa_65,
                    HEX.parseHex(group.get("publicKey").asText()));
            return SignatureCheck.mlDsa65(key, message, signature);
        } catch (RuntimeException e) {
            return false;
        }
    }

    private static int run(String file, Verifier verifier) throws IOException {
        Path folder = Path.of(Objects.requireNonNull(System.getProperty("bulkhead.wycheproof")));
        int vectors = 0;
        for (JsonNode group :
                new ObjectMapper().readTree(folder.resolve(file).toFile()).get("testGroups")) {
            for (JsonNode vector : group.get("tests")) {
                boolean otherContext = !vector.path("ctx").asText("").isEmpty();
                // signatures here are made without a context, so one made with another must not hold
                boolean expected = vector.get("result").asText().equals("valid") && !otherContext;
                boolean actual = verifier.holds(
                        group,
                        HEX.parseHex(vector.get("msg").asText()),
                        HEX.parseHex(vector.get("sig").asText()));
                assertEquals(expected, actual, file + " tcId " + vector.get("tcId"));
                vectors++;
            }
        }
        return vectors;
    }
}

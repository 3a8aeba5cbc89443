package dev.bulkhead.security.keys;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SignerTest {
    private static final byte[] MESSAGE = "message".getBytes(StandardCharsets.UTF_8);

    private final Path folder;

    SignerTest(@TempDir Path folder) {
        this.folder = folder;
    }

    @ParameterizedTest
    @EnumSource(names = {"ED25519", "ECDSA_P256", "ML_DSA_65"})
    void verifiesItsOwnSignatureAndNoOther(KeyScheme scheme) {
        FileSigner signer = FileSigner.generate(scheme, new SecureRandom());
        byte[] signature = signer.sign(MESSAGE);
        assertTrue(signer.publicKey().verify(MESSAGE, signature));
        assertFalse(signer.publicKey().verify("massage".getBytes(StandardCharsets.UTF_8), signature));
        assertFalse(FileSigner.generate(scheme, new SecureRandom()).publicKey().verify(MESSAGE, signature));
        signature[signature.length / 2] ^= 1;
        assertFalse(signer.publicKey().verify(MESSAGE, signature));
        assertFalse(signer.publicKey().verify(MESSAGE, new byte[0]));
        assertFalse(signer.publicKey().verify(MESSAGE, Arrays.copyOf(signature, signature.length + 1)));
    }

    @ParameterizedTest
    @EnumSource(names = {"ED25519", "ECDSA_P256", "ML_DSA_65"})
    void readsBackWhatItWrote(KeyScheme scheme) {
        FileSigner signer = FileSigner.generate(scheme, new SecureRandom());
        signer.write(folder.resolve("plain.key"), Optional.empty());
        signer.write(folder.resolve("sealed.key"), Optional.of("secret".toCharArray()));
        assertEquals(
                signer.publicKey(),
                FileSigner.read(folder.resolve("plain.key"), Optional.empty()).publicKey());
        assertEquals(
                signer.publicKey(),
                FileSigner.read(folder.resolve("sealed.key"), Optional.of("secret".toCharArray()))
                        .publicKey());
    }

    @Test
    void computesTheKeyIdOfTheTufSpecification() {
        VerificationKey key = new VerificationKey(
                KeyScheme.ED25519, "edcd0a32a07dce33f7c7873aaffbff36d20ea30787574ead335eefd337e4dacd");
        assertEquals(64, key.keyId().length());
        assertEquals(
                "{\"keytype\":\"ed25519\",\"keyval\":{\"public\":\"edcd0a32a07dce33f7c7873aaffbff36d20ea30787574ead335eefd337e4dacd\"},\"scheme\":\"ed25519\"}",
                new String(key.toJson().canonical(), StandardCharsets.UTF_8));
        assertEquals("2345a90ad8d76f3677f9ad6695b0ba0b5c7b7fbf27fb0ed35fbdf7b71264a679", key.keyId());
    }

    @Test
    void treatsAMalformedPublicKeyAsOneThatVerifiesNothing() {
        for (KeyScheme scheme : KeyScheme.values()) {
            assertFalse(new VerificationKey(scheme, "nonsense").verify(MESSAGE, new byte[64]));
        }
    }

    @Test
    void doesNotAcceptAKeyUnderAnotherScheme() {
        FileSigner ecdsa = FileSigner.generate(KeyScheme.ECDSA_P256, new SecureRandom());
        byte[] signature = ecdsa.sign(MESSAGE);
        for (KeyScheme scheme : KeyScheme.values()) {
            boolean own = scheme == KeyScheme.ECDSA_P256;
            assertEquals(own, new VerificationKey(scheme, ecdsa.publicKey().publicText()).verify(MESSAGE, signature));
        }
    }

    @Test
    void namesTheFileThatIsNoKey() {
        KeyException e =
                assertThrows(KeyException.class, () -> FileSigner.read(folder.resolve("absent.key"), Optional.empty()));
        assertTrue(String.valueOf(e.getMessage()).contains("absent.key"));
    }
}

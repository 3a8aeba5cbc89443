package dev.bulkhead.security.keys;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Runs against SoftHSM (Debian: softhsm2) and is skipped without it. The build points {@code SOFTHSM2_CONF} into the
 * target folder, so that no token of the machine is touched.
 */
class Pkcs11TokenTest {
    private static final char[] PIN = "1234".toCharArray();
    private static final List<Path> LIBRARIES = List.of(
            Path.of("/usr/lib/softhsm/libsofthsm2.so"), Path.of("/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so"));

    @BeforeAll
    static void makeToken() throws IOException, InterruptedException {
        String configured = System.getenv("SOFTHSM2_CONF");
        Assumptions.assumeTrue(configured != null, "the build sets SOFTHSM2_CONF");
        boolean installed = LIBRARIES.stream().anyMatch(Files::exists);
        Assumptions.assumeTrue(installed || "true".equals(System.getenv("CI")), "softhsm2 is not installed");
        assertTrue(installed, "CI installs softhsm2");
        Path conf = Path.of(Objects.requireNonNull(configured));
        Path tokens = conf.resolveSibling("tokens-" + System.nanoTime());
        Files.createDirectories(tokens);
        Files.writeString(conf, "directories.tokendir = " + tokens + "\nlog.level = ERROR\n");
        Process init = new ProcessBuilder(
                        "softhsm2-util",
                        "--init-token",
                        "--free",
                        "--label",
                        "test",
                        "--pin",
                        "1234",
                        "--so-pin",
                        "1234")
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        assertTrue(init.waitFor(30, TimeUnit.SECONDS));
        assertEquals(0, init.exitValue());
    }

    @Test
    void signsWithAKeyThatNeverLeavesTheToken() {
        Pkcs11Token token = open(PIN);
        Signer made = token.generate("image-root", InstantSource.system(), new SecureRandom());
        byte[] message = "message".getBytes(StandardCharsets.UTF_8);
        assertTrue(made.publicKey().verify(message, made.sign(message)));
        assertEquals(made.publicKey(), token.signer("image-root").publicKey());
    }

    @Test
    void refusesToWriteOverAKey() {
        Pkcs11Token token = open(PIN);
        token.generate("twice", InstantSource.system(), new SecureRandom());
        assertThrows(KeyException.class, () -> token.generate("twice", InstantSource.system(), new SecureRandom()));
    }

    @Test
    void saysThatThereIsNoSuchKey() {
        assertThrows(KeyException.class, () -> open(PIN).signer("absent"));
    }

    @Test
    void saysThatThereIsNoSuchLibrary() {
        assertThrows(KeyException.class, () -> Pkcs11Token.open(Path.of("/nowhere/lib.so"), 0, PIN));
    }

    @Test
    void holdsTheOfflineKeysOfAKeyDirectory(@TempDir Path folder) throws IOException {
        KeyDirectory keys = directory(folder).with(open(PIN));
        keys.init(Optional.empty());
        keys.addVendor(new VendorIdentity("acme", "com.acme"), Optional.empty());
        TrustAnchor anchor = keys.trustAnchor();
        assertInstanceOf(ChainVerdict.Trusted.class, anchor.checkVendor(keys.vendorChain("acme"), Instant.now()));
        for (String file :
                List.of("oem/root", "oem/fleet", "tuf/image-root", "tuf/image-targets", "tuf/director-root")) {
            String text = Files.readString(folder.resolve(file + ".key"));
            assertTrue(text.contains("TOKEN KEY LABEL") && !text.contains("PRIVATE KEY"), file);
        }
        assertTrue(Files.readString(folder.resolve("tuf/image-root-ml-dsa.key")).contains("PRIVATE KEY"));
        byte[] message = "package".getBytes(StandardCharsets.UTF_8);
        Signer vendor = keys.vendorKey("acme", Optional.empty());
        assertTrue(vendor.publicKey().verify(message, vendor.sign(message)));
        // a directory opened anew finds the same keys in the token
        Signer again = directory(folder).with(open(PIN)).vendorKey("acme", Optional.empty());
        assertEquals(vendor.publicKey(), again.publicKey());
    }

    @Test
    void saysThatAKeyLiesInATokenWhenNoneIsNamed(@TempDir Path folder) {
        directory(folder).with(open(PIN)).init(Optional.empty());
        KeyException e =
                assertThrows(KeyException.class, () -> directory(folder).authority("oem/root", Optional.empty()));
        assertTrue(String.valueOf(e.getMessage()).contains("--pkcs11"), e.getMessage());
    }

    @Test
    void refusesAnotherKeyUnderTheSameLabel(@TempDir Path folder) throws IOException {
        KeyDirectory keys = directory(folder).with(open(PIN));
        keys.init(Optional.empty());
        Path root = folder.resolve("tuf/image-root.key");
        String label = Files.readString(root).split("-----END BULKHEAD", 2)[0];
        String other = Files.readString(folder.resolve("tuf/image-targets.key"));
        Files.writeString(root, label + other.substring(other.indexOf("-----END BULKHEAD")));
        KeyException e =
                assertThrows(KeyException.class, () -> keys.repositoryKey(RepositoryKey.IMAGE_ROOT, Optional.empty()));
        assertTrue(String.valueOf(e.getMessage()).contains("another one"), e.getMessage());
    }

    private static KeyDirectory directory(Path folder) {
        return new KeyDirectory(folder, InstantSource.system(), new SecureRandom(), KeyDirectory.Validity.USUAL);
    }

    private static Pkcs11Token open(char[] pin) {
        return Pkcs11Token.open(
                LIBRARIES.stream().filter(Files::exists).findFirst().orElseThrow(), 0, pin);
    }
}

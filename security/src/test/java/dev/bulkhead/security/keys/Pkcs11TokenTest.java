package dev.bulkhead.security.keys;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

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

    private static Pkcs11Token open(char[] pin) {
        return Pkcs11Token.open(
                LIBRARIES.stream().filter(Files::exists).findFirst().orElseThrow(), 0, pin);
    }
}

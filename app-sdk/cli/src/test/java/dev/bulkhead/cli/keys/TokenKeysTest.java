package dev.bulkhead.cli.keys;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulkhead.cli.Main;
import dev.bulkhead.security.keys.KeyScheme;
import dev.bulkhead.security.tuf.TrustedMetadata;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Keys in a token, from the command line: SoftHSM's, which the build points at a folder of its own. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TokenKeysTest {
    private static final List<Path> LIBRARIES = List.of(
            Path.of("/usr/lib/softhsm/libsofthsm2.so"), Path.of("/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so"));

    private final Path home;
    private StringWriter said = new StringWriter();
    private List<String> token = List.of();

    TokenKeysTest(@TempDir Path home) {
        this.home = home;
    }

    @BeforeAll
    void makeToken() throws IOException, InterruptedException {
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
                        "cli",
                        "--pin",
                        "2468",
                        "--so-pin",
                        "2468")
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        assertTrue(init.waitFor(30, TimeUnit.SECONDS));
        assertEquals(0, init.exitValue());
        Path pin = Files.writeString(home.resolve("pin"), "2468\n");
        Path library = LIBRARIES.stream().filter(Files::exists).findFirst().orElseThrow();
        token = List.of("--pkcs11", library.toString(), "--pin-file", pin.toString());
    }

    private int run(List<String> options, String... words) {
        said = new StringWriter();
        CommandLine line = Main.commandLine();
        line.setOut(new PrintWriter(said, true));
        line.setErr(new PrintWriter(said, true));
        List<String> all = new ArrayList<>(List.of(words));
        all.addAll(options);
        all.add("--home");
        all.add(home.toString());
        return line.execute(all.toArray(String[]::new));
    }

    @Test
    void aKeyMovesIntoTheTokenAVendorSignsWithItAndVehiclesFollow() throws IOException {
        assertEquals(0, run(List.of(), "keys", "init"), said::toString);
        assertEquals(0, run(token, "keys", "rotate", "image-root"), said::toString);
        assertEquals(0, run(token, "keys", "rotate", "image-targets"), said::toString);
        assertEquals(0, run(token, "keys", "rotate", "image-timestamp"), said::toString);
        TrustedMetadata vehicle = new TrustedMetadata(
                Files.readAllBytes(home.resolve("keys/trust/image-root.json")),
                InstantSource.system().instant());
        for (int version = 2; version <= 4; version++) {
            vehicle.updateRoot(Files.readAllBytes(home.resolve("keys/repository/image/" + version + ".root.json")));
        }
        assertTrue(
                Objects.requireNonNull(vehicle.root().roles().get("root")).keyIds().stream()
                        .map(id -> Objects.requireNonNull(vehicle.root().keys().get(id)))
                        .anyMatch(key -> key.scheme() == KeyScheme.ECDSA_P256),
                "the token's key signs roots");

        assertEquals(
                1, run(List.of(), "keys", "vendor", "polar", "--prefix", "com.polar"), "image targets need the token");
        assertTrue(said.toString().contains("--pkcs11"), said::toString);

        assertEquals(0, run(token, "keys", "vendor", "acme", "--prefix", "com.acme"), said::toString);
        assertEquals(0, run(token, "keys", "rotate-vendor", "acme"), said::toString);

        assertEquals(0, run(token, "keys", "server"), said::toString);
        assertEquals(0, run(token, "keys", "rotate", "oem-root"), said::toString);
        assertEquals(0, run(token, "keys", "rotate", "oem-fleet"), said::toString);
        assertTrue(
                Files.readString(home.resolve("keys/oem/root.key")).contains("TOKEN KEY LABEL"),
                "the next root's key lies in the token");
        assertEquals(1, run(List.of(), "keys", "vehicle", "VIN-9"), "the fleet authority needs the token");
        assertEquals(0, run(token, "keys", "vehicle", "VIN-9"), said::toString);
        assertEquals(0, run(token, "keys", "retire", "oem-root"), said::toString);
        assertEquals(0, run(token, "keys", "rotate", "oem-root"), "from one token key to the next: " + said);
    }

    @Test
    void aWrongPinAndAWrongLibraryAreSaidInWords() throws IOException {
        Path wrong = Files.writeString(home.resolve("wrong"), "0000\n");
        List<String> mistaken = List.of("--pkcs11", token.get(1), "--pin-file", wrong.toString());
        assertEquals(1, run(mistaken, "keys", "init"));
        assertTrue(said.toString().contains("PIN"), said::toString);
        assertEquals(1, run(List.of("--pkcs11", "/nowhere.so", "--pin-file", wrong.toString()), "keys", "init"));
        assertTrue(said.toString().contains("/nowhere.so"), said::toString);
        assertEquals(2, run(List.of("--pin-file", wrong.toString()), "keys", "init"), "a PIN without a token");
    }
}

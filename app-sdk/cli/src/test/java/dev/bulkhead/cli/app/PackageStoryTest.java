package dev.bulkhead.cli.app;

import static dev.bulkhead.cli.Terminal.ask;
import static dev.bulkhead.cli.Terminal.type;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.bulkhead.contract.pack.AppPackage;
import dev.bulkhead.security.keys.KeyDirectory;
import dev.bulkhead.security.keys.VendorIdentity;
import dev.bulkhead.security.signing.PackageSigner;
import dev.bulkhead.security.signing.PackageStatement;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A vendor's day: keys, pack, sign, verify, inspect; and what spoils it. */
class PackageStoryTest {
    private static final Path CLIMATE = Path.of("..", "examples", "climate");

    @TempDir
    Path folder;

    private String home = "";
    private String file = "";

    @BeforeEach
    void packAndSign() {
        home = folder.resolve("home").toString();
        file = folder.resolve("climate.sdvapp").toString();
        ask("keys", "init", "--home", home);
        ask("keys", "vendor", "polar", "--prefix", "com.polar", "--home", home);
        ask("keys", "vendor", "acme", "--prefix", "com.acme", "--home", home);
        ask("pack", CLIMATE.toString(), "-o", file);
    }

    private void sign(String vendor) {
        ask("sign", file, "--vendor", vendor, "--home", home);
    }

    @Test
    void aSignedPackageIsTrustedAndShowsWhatItAsksFor() {
        assertFalse(ask("inspect", file).get("signed").asBoolean());
        sign("polar");
        JsonNode verdict = ask("verify", file, "--home", home);
        assertEquals("trusted", verdict.get("verdict").asText());
        assertEquals("polar", verdict.get("vendor").asText());
        JsonNode inside = ask("inspect", file);
        assertTrue(inside.get("signed").asBoolean());
        assertEquals(verdict.get("digest"), inside.get("digest"));
        assertTrue(inside.get("capabilities").size() > 0);
        assertTrue(type("inspect", file).expect(0).out().contains("BECAUSE"));
    }

    @Test
    void everyPackageSaysWhatItIsMadeOfAndHow() {
        JsonNode inside = ask("inspect", file);
        assertEquals("1.6", inside.get("sbom").get("specVersion").asText());
        assertTrue(inside.get("sbom").get("components").toString().contains("bulkhead.h 1 Apache-2.0"));
        JsonNode origin = inside.get("provenance");
        assertEquals("urn:bulkhead:examples", origin.get("builder").asText());
        assertEquals(3, origin.get("sources").size());
        assertTrue(origin.get("sources").toString().contains("climate-v1.c sha256:"));
        assertTrue(origin.get("tools").toString().contains("clang 14.0.6"));
        assertTrue(type("inspect", file).expect(0).out().contains("built from     climate-v1.c"));
    }

    @Test
    void aSourceThatIsNotThereIsNotMadeUp() throws IOException {
        Path app = Files.createDirectories(folder.resolve("app"));
        Files.copy(CLIMATE.resolve("app.toml"), app.resolve("app.toml"));
        Files.copy(CLIMATE.resolve("climate-v1.wasm"), app.resolve("climate-v1.wasm"));
        Files.writeString(app.resolve("supply.toml"), "[[source]]\nfile = \"lost.c\"\n");
        type("pack", app.toString(), "-o", file).expect(1);
        Files.writeString(app.resolve("supply.toml"), "[[sorce]]\nfile = \"lost.c\"\n");
        assertTrue(type("pack", app.toString(), "-o", file).expect(5).err().contains("did you mean 'source'"));
        Files.delete(app.resolve("supply.toml"));
        ask("pack", app.toString(), "-o", file);
        assertEquals(
                "urn:bulkhead:builder:unstated",
                ask("inspect", file).get("provenance").get("builder").asText());
    }

    @Test
    void aBillOfMaterialsFromElsewhereMustBeOne() throws IOException {
        Path bom = folder.resolve("bom.json");
        Files.writeString(bom, "{\"bomFormat\": \"CycloneDX\", \"specVersion\": \"1.5\"}");
        ask("pack", CLIMATE.toString(), "--sbom", bom.toString(), "-o", file);
        assertEquals("1.5", ask("inspect", file).get("sbom").get("specVersion").asText());
        Files.writeString(bom, "{}");
        type("pack", CLIMATE.toString(), "--sbom", bom.toString(), "-o", file).expect(5);
    }

    @Test
    void theSameInputsGiveTheSamePackage() throws IOException {
        Path again = folder.resolve("again.sdvapp");
        ask("pack", CLIMATE.toString(), "-o", again.toString());
        assertEquals(-1, Files.mismatch(Path.of(file), again));
    }

    @Test
    void anUnsignedPackageIsRefused() {
        assertTrue(type("verify", file, "--home", home).expect(5).err().contains("unsigned"));
    }

    @Test
    void aVendorCannotSignForAnothersPrefix() {
        String err =
                type("sign", file, "--vendor", "acme", "--home", home).expect(5).err();
        assertTrue(err.contains("vendor acme covers com.acme, not com.polar.climate"), err);
        assertTrue(err.contains("--vendor polar owns it"), err);
        assertFalse(ask("inspect", file).get("signed").asBoolean());
    }

    @Test
    void aPackageSignedForAnothersPrefixAllTheSameIsRefused() {
        KeyDirectory keys = keys(InstantSource.system());
        sign(keys, "acme");
        String err = type("verify", file, "--home", home).expect(5).err();
        assertTrue(err.contains("com.acme"), err);
    }

    @Test
    void anExpiredVendorCannotSignAndItsPackageIsRefusedWithTheDate() {
        Instant longAgo = Instant.now().truncatedTo(ChronoUnit.SECONDS).minus(Duration.ofDays(1830));
        home = folder.resolve("old").toString();
        KeyDirectory keys = keys(InstantSource.fixed(longAgo));
        keys.init(Optional.empty());
        keys.addVendor(new VendorIdentity("polar", "com.polar"), Optional.empty());
        String day =
                longAgo.plus(KeyDirectory.Validity.USUAL.vendor()).toString().substring(0, 10);
        String err = type("sign", file, "--vendor", "polar", "--home", home)
                .expect(5)
                .err();
        assertTrue(err.contains("the certificate of vendor polar expired at " + day), err);
        assertTrue(err.contains("bulkhead keys rotate-vendor polar"), err);
        sign(keys, "polar");
        String refusal = type("verify", file, "--home", home).expect(5).err();
        assertTrue(refusal.contains("expired at " + day), refusal);
    }

    @Test
    void aPackageOfAnotherVendorIsNotUploaded() {
        sign("polar");
        // no server listens: it is not asked
        String err = type("publish", file, "--vendor", "acme", "--home", home)
                .expect(5)
                .err();
        assertTrue(err.contains("the package is signed by polar, not acme"), err);
        assertTrue(err.contains("try: --vendor polar"), err);
        type("publish", file, "--vendor", "polar", "--home", home).expect(6);
    }

    private KeyDirectory keys(InstantSource time) {
        return new KeyDirectory(Path.of(home).resolve("keys"), time, new SecureRandom(), KeyDirectory.Validity.USUAL);
    }

    /** Whoever has the key can sign anything with it. */
    private void sign(KeyDirectory keys, String vendor) {
        AppPackage app = PackageFile.read(Path.of(file)).app();
        PackageSigner signer = new PackageSigner(keys.vendorKey(vendor, Optional.empty()), keys.vendorChain(vendor));
        PackageFile.write(app.signedBy(signer.sign(PackageStatement.of(app)).encode()), Path.of(file));
    }

    @ParameterizedTest
    @ValueSource(strings = {"\0asm", "[budget]", "payloadType"})
    void aPackageWithOneFlippedBitIsRefused(String near) throws IOException {
        sign("polar");
        byte[] bytes = Files.readAllBytes(Path.of(file));
        int at = new String(bytes, StandardCharsets.ISO_8859_1).indexOf(near) + near.length() + 12;
        bytes[at] ^= 1;
        Path tampered = Files.write(folder.resolve("tampered"), bytes);
        type("verify", tampered.toString(), "--home", home).expect(5);
    }

    @Test
    void aTruncatedPackageIsRefused() throws IOException {
        byte[] bytes = Files.readAllBytes(Path.of(file));
        Path half = Files.write(folder.resolve("half"), Arrays.copyOf(bytes, bytes.length / 2));
        assertTrue(type("inspect", half.toString()).expect(5).err().contains(half.toString()));
    }

    @Test
    void aTypoInTheManifestNamesLineKeyAndTheWordThatWasMeant() throws IOException {
        String toml = Files.readString(CLIMATE.resolve("app.toml")).replace("memory =", "memroy =");
        Files.writeString(folder.resolve("app.toml"), toml);
        long line = toml.lines().takeWhile(each -> !each.contains("memroy")).count() + 1;
        String err = type("pack", folder.toString()).expect(5).err();
        assertTrue(err.contains("app.toml:" + line) || err.contains("line " + line), err);
        assertTrue(err.contains("memroy") && err.contains("memory"), err);
    }

    @Test
    void aMissingFolderSaysWhichFile() {
        assertTrue(type("pack", folder.resolve("nowhere").toString())
                .expect(1)
                .err()
                .contains("nowhere"));
    }

    @Test
    void packingOntoAFolderSaysSoAndLeavesNothingBehind() throws IOException {
        Path taken = Files.createDirectory(folder.resolve("taken"));
        String err = type("pack", CLIMATE.toString(), "-o", taken.toString())
                .expect(1)
                .err();
        assertTrue(err.contains(taken + " cannot be written: it is a folder"), err);
        assertFalse(Files.exists(folder.resolve("taken.new")));
    }
}

package dev.bulkhead.security.keys;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeyDirectoryTest {
    private static final Instant NOW = Instant.parse("2026-11-01T00:00:00Z");
    private static final Optional<char[]> NONE = Optional.empty();

    private final Path folder;

    KeyDirectoryTest(@TempDir Path folder) {
        this.folder = folder;
    }

    @Test
    void makesWhatAVendorAVehicleAndAServerNeed() {
        KeyDirectory keys = directory();
        keys.init(NONE);
        keys.addVendor(new VendorIdentity("acme", "com.acme"), NONE);
        keys.addVehicle("VIN-1", NONE);
        keys.addServer(List.of("fleet.example"), NONE);
        TrustAnchor anchor = keys.trustAnchor();
        assertInstanceOf(ChainVerdict.Trusted.class, anchor.checkVendor(keys.vendorChain("acme"), NOW));
        assertInstanceOf(
                ChainVerdict.Trusted.class,
                anchor.checkVehicle(keys.vehicle("VIN-1").chain(), NOW));
        assertEquals("VIN-1", keys.vehicle("VIN-1").commonName());
        assertEquals(List.of("acme"), keys.vendors());
        assertEquals(List.of("VIN-1"), keys.vehicles());
        assertEquals(2, keys.server().chain().size());
        for (RepositoryKey key : RepositoryKey.values()) {
            assertEquals(key.scheme(), keys.repositoryKey(key, NONE).publicKey().scheme());
        }
    }

    @Test
    void keepsKeysReadableByTheirOwnerOnly() throws IOException {
        KeyDirectory keys = directory();
        keys.init(NONE);
        assertEquals(
                "rw-------",
                PosixFilePermissions.toString(
                        Files.getPosixFilePermissions(keys.folder().resolve("oem/root.key"))));
    }

    @Test
    void refusesToWriteOverKeys() throws IOException {
        KeyDirectory keys = directory();
        keys.init(NONE);
        byte[] before = Files.readAllBytes(keys.folder().resolve("oem/root.key"));
        assertThrows(KeyException.class, () -> keys.init(NONE));
        assertArrayEquals(before, Files.readAllBytes(keys.folder().resolve("oem/root.key")));
    }

    @Test
    void encryptsWhenAPassphraseIsGiven() throws IOException {
        KeyDirectory keys = directory();
        Optional<char[]> secret = Optional.of("correct horse".toCharArray());
        keys.init(secret);
        String pem = Files.readString(keys.folder().resolve("oem/root.key"), StandardCharsets.US_ASCII);
        assertTrue(pem.startsWith("-----BEGIN ENCRYPTED PRIVATE KEY-----"));
        assertThrows(KeyException.class, () -> keys.addVehicle("VIN-1", NONE));
        assertThrows(KeyException.class, () -> keys.addVehicle("VIN-1", Optional.of("wrong".toCharArray())));
        keys.addVehicle("VIN-1", secret);
        assertEquals("VIN-1", keys.vehicle("VIN-1").commonName());
    }

    @Test
    void refusesAVendorWhosePrefixOverlapsAnother() {
        KeyDirectory keys = directory();
        keys.init(NONE);
        keys.addVendor(new VendorIdentity("acme", "com.acme"), NONE);
        assertThrows(KeyException.class, () -> keys.addVendor(new VendorIdentity("thief", "com.acme.climate"), NONE));
        assertThrows(KeyException.class, () -> keys.addVendor(new VendorIdentity("giant", "com"), NONE));
        keys.addVendor(new VendorIdentity("acmeevil", "com.acmeevil"), NONE);
    }

    @Test
    void refusesNamesThatLeaveTheFolder() {
        KeyDirectory keys = directory();
        keys.init(NONE);
        assertThrows(KeyException.class, () -> keys.addVehicle("../VIN", NONE));
        assertThrows(KeyException.class, () -> new VendorIdentity("../acme", "com.acme"));
        assertThrows(KeyException.class, () -> keys.vendorChain("../../etc"));
    }

    @Test
    void replacesTheServersCertificateForTheSameNamesAndMore() {
        KeyDirectory keys = directory();
        keys.init(NONE);
        keys.addServer(List.of("ota.example", "10.0.0.1"), NONE);
        TlsIdentity before = keys.server();
        keys.replaceServer(List.of("ota2.example"), NONE);
        keys.replaceServer(List.of(), NONE);
        TlsIdentity after = keys.server();
        assertNotEquals(before.key(), after.key());
        assertEquals(
                Set.of("localhost", "127.0.0.1", "0:0:0:0:0:0:0:1", "ota.example", "10.0.0.1", "ota2.example"),
                Set.copyOf(Certificates.hosts(after.chain().getFirst())));
        assertEquals(6, Certificates.hosts(after.chain().getFirst()).size());
    }

    @Test
    void replacesTheEnrolmentAuthorityWhichCanMakeVehiclesOnly() {
        KeyDirectory keys = directory();
        keys.init(NONE);
        CertificateAuthority first = keys.enrolmentAuthority().orElseThrow();
        keys.replaceEnrolmentAuthority(NONE);
        CertificateAuthority second = keys.enrolmentAuthority().orElseThrow();
        assertNotEquals(first.certificate(), second.certificate());
        FileSigner key = FileSigner.generate(KeyScheme.ECDSA_P256, new SecureRandom());
        Duration day = Duration.ofDays(1);
        TrustAnchor anchor = keys.trustAnchor();
        assertInstanceOf(
                ChainVerdict.Trusted.class,
                anchor.checkVehicle(
                        List.of(second.issueVehicle("VIN-1", key.publicKey(), day), second.certificate()), NOW));
        assertInstanceOf(
                ChainVerdict.Refused.class,
                anchor.checkVendor(
                        List.of(
                                second.issueVendor(new VendorIdentity("acme", "com.acme"), key.publicKey(), day),
                                second.certificate()),
                        NOW));
    }

    @Test
    void leavesNoHalfWrittenFile() throws IOException {
        KeyDirectory keys = directory();
        keys.init(NONE);
        try (var all = Files.walk(keys.folder())) {
            assertEquals(
                    0, all.filter(path -> path.toString().endsWith(".partial")).count());
        }
    }

    private KeyDirectory directory() {
        return new KeyDirectory(
                folder.resolve("keys"), InstantSource.fixed(NOW), new SecureRandom(), KeyDirectory.Validity.USUAL);
    }
}

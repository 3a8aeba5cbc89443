package dev.bulkhead.security.tuf;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulkhead.security.keys.CertificateAuthority;
import dev.bulkhead.security.keys.Certificates;
import dev.bulkhead.security.keys.ChainVerdict;
import dev.bulkhead.security.keys.FileSigner;
import dev.bulkhead.security.keys.KeyDirectory;
import dev.bulkhead.security.keys.KeyException;
import dev.bulkhead.security.keys.KeyScheme;
import dev.bulkhead.security.keys.MutualTls;
import dev.bulkhead.security.keys.RepositoryKey;
import dev.bulkhead.security.keys.TlsIdentity;
import dev.bulkhead.security.keys.TrustAnchor;
import dev.bulkhead.security.keys.VendorIdentity;
import dev.bulkhead.security.tuf.OemCeremony.Authority;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The OEM root and the fleet authority followed by others, and everybody led across. TLS is real, so is its clock. */
class OemCeremonyTest {
    private static final Optional<char[]> NONE = Optional.empty();
    private static final InstantSource TIME = InstantSource.system();
    private static final String CAR = "VIN-1";

    private final Path folder;
    private final SecureRandom random = new SecureRandom();
    private KeyDirectory keys;
    private OemCeremony oem;
    private TrustAnchor factory;
    private byte[] factoryRoot;
    private TlsIdentity car;

    OemCeremonyTest(@TempDir Path folder) {
        this.folder = folder;
    }

    @BeforeEach
    void found() throws IOException {
        keys = founded(folder.resolve("keys"));
        oem = ceremony(keys);
        factory = keys.trustAnchor();
        factoryRoot = Files.readAllBytes(keys.folder().resolve("trust/image-root.json"));
        car = keys.bootstrap(CAR).orElseThrow();
    }

    private KeyDirectory founded(Path home) {
        KeyDirectory made = new KeyDirectory(home, TIME, random, KeyDirectory.Validity.USUAL);
        made.init(NONE);
        TrustCeremony ceremony = new TrustCeremony(made, Lifetimes.USUAL, TIME);
        ceremony.init(NONE);
        made.addServer(List.of("ota.example"), NONE);
        made.addVehicle(CAR, NONE);
        made.addVendor(new VendorIdentity("acme", "com.acme"), NONE);
        ceremony.addVendor("acme", NONE);
        return made;
    }

    private static OemCeremony ceremony(KeyDirectory keys) {
        return new OemCeremony(keys, new TrustCeremony(keys, Lifetimes.USUAL, TIME), TIME);
    }

    /** What a vehicle believes that holds the factory's image root and is shown every root since. */
    private TrustAnchor followed() {
        return followed(factoryRoot, keys);
    }

    private TrustAnchor followed(byte[] held, KeyDirectory shown) {
        TrustedMetadata vehicle = new TrustedMetadata(held, TIME.instant());
        for (RoleFile root : new TrustCeremony(shown, Lifetimes.USUAL, TIME)
                .imageRoots().stream().skip(1).toList()) {
            vehicle.updateRoot(root.content().toArray());
        }
        return vehicle.root().oem().map(OemTrust::anchor).orElse(factory);
    }

    /** A TLS handshake between server and vehicle, both checking the other. */
    private static void shakeHands(
            TlsIdentity server, TrustAnchor serverTrusts, TlsIdentity vehicle, TrustAnchor trusts) throws IOException {
        SSLContext context = MutualTls.context(server, serverTrusts);
        try (SSLServerSocket door = (SSLServerSocket)
                context.getServerSocketFactory().createServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            door.setSSLParameters(MutualTls.parameters(context));
            door.setSoTimeout(20_000);
            CompletableFuture<Void> served = CompletableFuture.runAsync(() -> {
                try (SSLSocket socket = (SSLSocket) door.accept()) {
                    socket.setSoTimeout(20_000);
                    socket.getOutputStream().write(socket.getInputStream().read());
                } catch (IOException e) {
                    throw new CompletionException(e);
                }
            });
            try (SSLSocket socket = (SSLSocket) MutualTls.clientSockets(MutualTls.context(vehicle, trusts))
                    .createSocket("localhost", door.getLocalPort())) {
                socket.setSoTimeout(20_000);
                socket.getOutputStream().write(42);
                assertEquals(42, socket.getInputStream().read());
            }
            served.join();
        }
    }

    private void talks(TrustAnchor vehicleTrusts) throws IOException {
        shakeHands(keys.server(), keys.vehicleAnchor(), car, vehicleTrusts);
    }

    private ChainVerdict vendor(TrustAnchor anchor) {
        return anchor.checkVendor(keys.vendorChain("acme"), TIME.instant());
    }

    @Test
    void aVehicleThatKnowsTheOldRootOnlyTalksOnAndFollowsAndThenKnowsBoth() throws IOException {
        X509Certificate old = factory.certificate();
        oem.rotate(Authority.OEM_ROOT, NONE);
        talks(factory);
        assertInstanceOf(ChainVerdict.Trusted.class, vendor(factory));
        TrustAnchor both = followed();
        assertEquals(keys.trustAnchor().roots(), both.roots());
        assertEquals(2, both.roots().size());
        assertTrue(both.roots().contains(old));
        talks(both);
    }

    @Test
    void whenTheOldRootIsTakenBackVehiclesThatSleptStillFollowAndWhatItSignsCountsNoMore() throws IOException {
        CertificateAuthority stolen = keys.authority("oem/root", NONE);
        oem.rotate(Authority.OEM_ROOT, NONE);
        oem.retire(Authority.OEM_ROOT, NONE);
        talks(factory);
        TrustAnchor after = followed();
        assertEquals(List.of(keys.trustAnchor().certificate()), after.roots());
        talks(after);
        assertInstanceOf(ChainVerdict.Trusted.class, vendor(after));
        TlsIdentity forged = forgedServer(stolen);
        shakeHands(forged, keys.vehicleAnchor(), car, factory);
        assertThrows(IOException.class, () -> shakeHands(forged, keys.vehicleAnchor(), car, after));
    }

    @Test
    void aVehicleThatSleptThroughTwoRotationsAndRetirementsFollows() throws IOException {
        for (int i = 0; i < 2; i++) {
            oem.rotate(Authority.OEM_ROOT, NONE);
            oem.retire(Authority.OEM_ROOT, NONE);
        }
        talks(factory);
        talks(followed());
        assertInstanceOf(ChainVerdict.Trusted.class, vendor(factory));
        assertInstanceOf(ChainVerdict.Trusted.class, vendor(followed()));
        keys.addVehicle("VIN-2", NONE);
        shakeHands(keys.server(), keys.vehicleAnchor(), keys.vehicle("VIN-2"), followed());
    }

    @Test
    void anAttackersRootIsRefusedOnTheLineInPackagesAndInTheImageRoot() {
        KeyDirectory theirs = founded(folder.resolve("attacker"));
        ceremony(theirs).rotate(Authority.OEM_ROOT, NONE);
        assertThrows(IOException.class, () -> shakeHands(theirs.server(), theirs.vehicleAnchor(), car, factory));
        assertInstanceOf(ChainVerdict.Refused.class, factory.checkVendor(theirs.vendorChain("acme"), TIME.instant()));
        MetadataRefusedException refused =
                assertThrows(MetadataRefusedException.class, () -> followed(factoryRoot, theirs));
        assertEquals(Refusal.THRESHOLD, refused.refusal());
    }

    @Test
    void anOldFleetAuthorityCountsUntilItIsTakenBackAndThenNeitherItsServersNorItsVehicles() throws IOException {
        CertificateAuthority stolen = keys.authority("oem/fleet", NONE);
        oem.rotate(Authority.OEM_FLEET, NONE);
        assertEquals(2, keys.fleetAuthorities().size());
        assertEquals(Set.of("ota.example"), hosts());
        talks(factory);
        TlsIdentity forged = forgedServerOf(stolen);
        shakeHands(forged, keys.vehicleAnchor(), car, followed());

        oem.retire(Authority.OEM_FLEET, NONE);
        assertEquals(1, keys.fleetAuthorities().size());
        assertThrows(IOException.class, () -> shakeHands(forged, keys.vehicleAnchor(), car, followed()));
        keys.replaceVehicle(CAR, NONE);
        shakeHands(keys.server(), keys.vehicleAnchor(), keys.bootstrap(CAR).orElseThrow(), followed());
        assertTrue(Certificates.isIssuedBy(
                keys.vehicle(CAR).chain().getFirst(), keys.fleetAuthorities().getFirst()));
    }

    private Set<String> hosts() {
        Set<String> hosts =
                new HashSet<>(Certificates.hosts(keys.server().chain().getFirst()));
        hosts.removeAll(Set.of("localhost", "127.0.0.1", "0:0:0:0:0:0:0:1"));
        return hosts;
    }

    private TlsIdentity forgedServer(CertificateAuthority root) {
        FileSigner fleetKey = FileSigner.generate(KeyScheme.ECDSA_P256, random);
        X509Certificate fleet =
                root.issueFleetAuthority("Bulkhead fleet authority", fleetKey.publicKey(), Duration.ofDays(1));
        return forgedServerOf(new CertificateAuthority(fleetKey, fleet, TIME, random));
    }

    private TlsIdentity forgedServerOf(CertificateAuthority fleet) {
        FileSigner key = FileSigner.generate(KeyScheme.ECDSA_P256, random);
        return TlsIdentity.of(
                key,
                List.of(
                        fleet.issueServer(List.of("localhost"), key.publicKey(), Duration.ofDays(1)),
                        fleet.certificate()));
    }

    @Test
    void anInterruptedRotationIsTakenUpAgain() throws IOException {
        Path next = keys.folder().resolve("oem/root.key.next");
        // the image root cannot be signed: the key of its role is away
        Path imageKey = keys.folder().resolve("tuf/image-root.key");
        Path away = Files.move(imageKey, folder.resolve("away"));
        assertThrows(KeyException.class, () -> oem.rotate(Authority.OEM_ROOT, NONE));
        assertTrue(Files.exists(next));
        byte[] made = Files.readAllBytes(next);
        talks(factory);
        Files.move(away, imageKey);
        oem.rotate(Authority.OEM_ROOT, NONE);
        assertEquals(2, keys.trustAnchor().roots().size());
        assertArrayEquals(made, Files.readAllBytes(keys.folder().resolve("oem/root.key")));
        talks(factory);
        talks(followed());
    }

    @Test
    void aRotationInterruptedJustBeforeItsKeyIsPutInPlaceFinishes() throws IOException {
        oem.rotate(Authority.OEM_ROOT, NONE);
        Files.move(keys.folder().resolve("oem/root.key"), keys.folder().resolve("oem/root.key.next"));
        X509Certificate newest = keys.trustAnchor().certificate();
        oem.rotate(Authority.OEM_ROOT, NONE);
        assertEquals(newest, keys.trustAnchor().certificate());
        assertEquals(2, keys.trustAnchor().roots().size());
        keys.addVendor(new VendorIdentity("other", "com.other"), NONE);
    }

    @Test
    void theDryRunSaysWhoWouldBeLeftBehindAndLeavesNoTrace() throws IOException {
        Map<String, Long> fleet = Map.of(CAR, 1L, "VIN-9", 0L);
        List<String> before = files();
        assertEquals(
                Set.of("VIN-9"),
                oem.forecastRotation(Authority.OEM_ROOT, fleet, NONE)
                        .leftBehind()
                        .keySet());
        assertEquals(before, files());
        assertThrows(KeyException.class, () -> oem.forecastRetirement(Authority.OEM_ROOT, fleet, NONE));
        assertThrows(KeyException.class, () -> oem.retire(Authority.OEM_FLEET, NONE));
        oem.rotate(Authority.OEM_ROOT, NONE);
        oem.rotate(Authority.OEM_FLEET, NONE);
        assertEquals(
                Set.of("VIN-9"),
                oem.forecastRetirement(Authority.OEM_ROOT, fleet, NONE)
                        .leftBehind()
                        .keySet());
        assertEquals(
                Set.of("VIN-9", CAR),
                oem.forecastRetirement(Authority.OEM_FLEET, fleet, NONE)
                        .leftBehind()
                        .keySet());
        keys.replaceVehicle(CAR, NONE);
        assertEquals(
                Set.of("VIN-9"),
                oem.forecastRetirement(Authority.OEM_FLEET, fleet, NONE)
                        .leftBehind()
                        .keySet());
    }

    @Test
    void laterRotationsOfOtherKeysKeepWhatTheImageRootSaysOfTheOem() {
        oem.rotate(Authority.OEM_ROOT, NONE);
        new TrustCeremony(keys, Lifetimes.USUAL, TIME).rotate(RepositoryKey.IMAGE_TIMESTAMP, NONE);
        assertEquals(keys.trustAnchor().roots(), followed().roots());
    }

    private List<String> files() throws IOException {
        try (var walk = Files.walk(keys.folder())) {
            return new ArrayList<>(walk.map(Path::toString).sorted().toList());
        }
    }

    @Test
    void anImageRootWithoutAnyOemRootOrWithRubbishInTheirPlaceIsRefused() {
        assertThrows(KeyException.class, () -> new OemTrust(List.of(), Set.of()));
        X509Certificate leaf = car.chain().getFirst();
        assertThrows(KeyException.class, () -> new OemTrust(List.of(leaf), Set.of()));
        String text = new String(
                        new TrustCeremony(keys, Lifetimes.USUAL, TIME)
                                .nextImageRoot(new OemTrust(List.of(factory.certificate()), Set.of()), NONE)
                                .content()
                                .toArray(),
                        StandardCharsets.UTF_8)
                .replaceFirst("\"roots\":\\[\"[A-Za-z]{8}", "\"roots\":[\"AAAAAAAA");
        MetadataRefusedException refused = assertThrows(
                MetadataRefusedException.class,
                () -> MetadataReader.read("2.root.json", text.getBytes(StandardCharsets.UTF_8), Root.class));
        assertEquals(Refusal.MALFORMED, refused.refusal());
    }
}

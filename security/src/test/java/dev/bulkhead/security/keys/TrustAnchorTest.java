package dev.bulkhead.security.keys;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulkhead.security.keys.ChainVerdict.Problem;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class TrustAnchorTest {
    private static final Instant NOW = Instant.parse("2026-11-01T00:00:00Z");
    private static final Duration YEAR = Duration.ofDays(365);
    private static final VendorIdentity ACME = new VendorIdentity("acme", "com.acme");

    private final SecureRandom random = new SecureRandom();
    private final InstantSource time = InstantSource.fixed(NOW);
    private final CertificateAuthority root = newRoot();
    private final TrustAnchor anchor = new TrustAnchor(root.certificate());
    private final FileSigner fleetKey = key(KeyScheme.ECDSA_P256);
    private final CertificateAuthority fleet = new CertificateAuthority(
            fleetKey, root.issueFleetAuthority("fleet", fleetKey.publicKey(), YEAR.multipliedBy(5)), time, random);

    @Test
    void readsTheVendorBackFromItsCertificate() {
        X509Certificate vendor = root.issueVendor(ACME, key(KeyScheme.ED25519).publicKey(), YEAR);
        assertInstanceOf(ChainVerdict.Trusted.class, anchor.checkVendor(List.of(vendor), NOW));
        assertEquals(ACME, TrustAnchor.vendor(vendor).orElseThrow());
    }

    @Test
    void refusesAVendorOfAnotherRoot() {
        X509Certificate vendor =
                newRoot().issueVendor(ACME, key(KeyScheme.ED25519).publicKey(), YEAR);
        assertProblem(Problem.UNTRUSTED, anchor.checkVendor(List.of(vendor), NOW));
    }

    @Test
    void refusesAnExpiredCertificateAndOneFromTheFuture() {
        X509Certificate vendor = root.issueVendor(ACME, key(KeyScheme.ED25519).publicKey(), YEAR);
        assertProblem(
                Problem.EXPIRED,
                anchor.checkVendor(List.of(vendor), NOW.plus(YEAR).plusSeconds(1)));
        assertProblem(Problem.NOT_YET_VALID, anchor.checkVendor(List.of(vendor), NOW.minus(YEAR)));
    }

    @Test
    void refusesEverythingOfAnExpiredRoot() {
        CertificateAuthority shortRoot =
                CertificateAuthority.newRoot(key(KeyScheme.ECDSA_P256), "short", Duration.ofDays(1), time, random);
        X509Certificate vendor =
                shortRoot.issueVendor(ACME, key(KeyScheme.ED25519).publicKey(), YEAR);
        assertProblem(
                Problem.EXPIRED,
                new TrustAnchor(shortRoot.certificate()).checkVendor(List.of(vendor), NOW.plus(Duration.ofDays(2))));
    }

    @Test
    void refusesAVendorMadeByTheFleetAuthority() {
        X509Certificate vendor = fleet.issueVendor(ACME, key(KeyScheme.ED25519).publicKey(), YEAR);
        assertProblem(Problem.WRONG_PURPOSE, anchor.checkVendor(List.of(vendor, fleet.certificate()), NOW));
    }

    @Test
    void refusesAnAuthorityBelowTheFleetAuthority() {
        FileSigner lower = key(KeyScheme.ECDSA_P256);
        CertificateAuthority below = new CertificateAuthority(
                lower, fleet.issueFleetAuthority("below", lower.publicKey(), YEAR), time, random);
        X509Certificate vehicle =
                below.issueVehicle("VIN-1", key(KeyScheme.ECDSA_P256).publicKey(), YEAR);
        assertProblem(
                Problem.PATH_TOO_LONG,
                anchor.checkVehicle(List.of(vehicle, below.certificate(), fleet.certificate()), NOW));
    }

    @Test
    void refusesAVehicleThatIssuesCertificates() {
        FileSigner vehicleKey = key(KeyScheme.ECDSA_P256);
        X509Certificate vehicle = fleet.issueVehicle("VIN-1", vehicleKey.publicKey(), YEAR);
        CertificateAuthority impostor = new CertificateAuthority(vehicleKey, vehicle, time, random);
        X509Certificate forged =
                impostor.issueVehicle("VIN-2", key(KeyScheme.ECDSA_P256).publicKey(), YEAR);
        assertProblem(Problem.UNTRUSTED, anchor.checkVehicle(List.of(forged, vehicle, fleet.certificate()), NOW));
    }

    @Test
    void refusesAVehicleAsVendorAndAVendorAsVehicle() {
        X509Certificate vehicle =
                fleet.issueVehicle("VIN-1", key(KeyScheme.ECDSA_P256).publicKey(), YEAR);
        X509Certificate vendor = root.issueVendor(ACME, key(KeyScheme.ED25519).publicKey(), YEAR);
        assertProblem(Problem.WRONG_PURPOSE, anchor.checkVendor(List.of(vehicle, fleet.certificate()), NOW));
        assertProblem(Problem.WRONG_PURPOSE, anchor.checkVehicle(List.of(vendor), NOW));
    }

    @Test
    void refusesAnEmptyChainAndAnEndlessOne() {
        X509Certificate vehicle =
                fleet.issueVehicle("VIN-1", key(KeyScheme.ECDSA_P256).publicKey(), YEAR);
        assertProblem(Problem.MALFORMED, anchor.checkVehicle(List.of(), NOW));
        assertProblem(Problem.MALFORMED, anchor.checkVehicle(Collections.nCopies(7, vehicle), NOW));
    }

    @Test
    void ownsItsPrefixAndWhatLiesUnderItOnly() {
        assertTrue(ACME.owns("com.acme"));
        assertTrue(ACME.owns("com.acme.climate"));
        assertFalse(ACME.owns("com.acmeevil"));
        assertFalse(ACME.owns("com"));
    }

    private CertificateAuthority newRoot() {
        return CertificateAuthority.newRoot(key(KeyScheme.ECDSA_P256), "root", YEAR.multipliedBy(20), time, random);
    }

    private FileSigner key(KeyScheme scheme) {
        return FileSigner.generate(scheme, random);
    }

    private static void assertProblem(Problem problem, ChainVerdict verdict) {
        ChainVerdict.Refused refused = assertInstanceOf(ChainVerdict.Refused.class, verdict);
        assertEquals(problem, refused.problem(), refused.detail());
    }
}

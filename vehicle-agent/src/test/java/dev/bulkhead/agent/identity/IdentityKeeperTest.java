package dev.bulkhead.agent.identity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulkhead.security.enrol.EnrolmentRefusedException;
import dev.bulkhead.security.enrol.EnrolmentService;
import dev.bulkhead.security.enrol.EnrolmentUnreachableException;
import dev.bulkhead.security.keys.CertificateAuthority;
import dev.bulkhead.security.keys.FileSigner;
import dev.bulkhead.security.keys.KeyScheme;
import dev.bulkhead.security.keys.TlsIdentity;
import dev.bulkhead.security.keys.TrustAnchor;
import dev.bulkhead.security.keys.VerificationKey;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class IdentityKeeperTest {
    private static final Duration YEARS = Duration.ofDays(7300);
    private static final Duration LIFETIME = Duration.ofDays(7);
    private static final String CAR = "car-1";

    @TempDir
    private Path folder;

    private final SecureRandom random = new SecureRandom();
    private final StandingTime time = new StandingTime();
    private final Service service = new Service();
    private CertificateAuthority root;
    private CertificateAuthority fleet;
    private FileSigner fleetKey;
    private Credential factory;
    private TlsIdentity bootstrap;
    private int renewals;

    /** Gives out certificates, or does as it is told. */
    private final class Service implements EnrolmentService {
        final List<String> asked = new ArrayList<>();
        boolean silent;
        boolean refusing;
        boolean refusingRenewals;
        String vehicle = CAR;
        Runnable underway = () -> {};

        @Override
        public List<X509Certificate> enrol(TlsIdentity as, FileSigner key, Kind kind) {
            underway.run();
            asked.add(kind + (as.equals(bootstrap) ? " as bootstrap" : " as itself"));
            if (silent) {
                throw new EnrolmentUnreachableException("nobody answers", null);
            }
            if (refusing || (refusingRenewals && kind == Kind.RENEWAL)) {
                throw new EnrolmentRefusedException(403, "no");
            }
            return List.of(fleet.issueVehicle(vehicle, key.publicKey(), LIFETIME), fleet.certificate());
        }
    }

    @BeforeEach
    void found() {
        root = CertificateAuthority.newRoot(key(), "root", YEARS, time, random);
        fleetKey = key();
        fleet = new CertificateAuthority(
                fleetKey, root.issueFleetAuthority("fleet", fleetKey.publicKey(), YEARS), time, random);
        factory = credential(Duration.ofDays(365));
        FileSigner bootstrapKey = key();
        bootstrap = TlsIdentity.of(
                bootstrapKey, List.of(fleet.issueBootstrap(CAR, bootstrapKey.publicKey(), YEARS), fleet.certificate()));
    }

    private FileSigner key() {
        return FileSigner.generate(KeyScheme.ECDSA_P256, random);
    }

    private Credential credential(Duration validity) {
        FileSigner key = key();
        return new Credential(
                key,
                TlsIdentity.of(key, List.of(fleet.issueVehicle(CAR, key.publicKey(), validity), fleet.certificate())));
    }

    private IdentityKeeper keeper() {
        return IdentityKeeper.open(
                folder.resolve("identity.pem"),
                factory,
                new EnrolmentParts(
                        service,
                        bootstrap,
                        () -> new TrustAnchor(root.certificate()),
                        time,
                        time,
                        Runnable::run,
                        random,
                        EnrolmentPace.STANDARD));
    }

    private IdentityKeeper started() {
        IdentityKeeper keeper = keeper();
        keeper.start(() -> renewals++);
        return keeper;
    }

    private VerificationKey onTheLine(IdentityKeeper keeper) {
        assertEquals("TLSv1.3", keeper.tlsOfNextLine().getProtocol());
        return keeper.publicKey();
    }

    @Test
    void exchangesTheCertificateFromTheFactoryAtOnce() {
        IdentityKeeper keeper = started();
        assertEquals(List.of("FIRST as bootstrap"), service.asked);
        assertEquals(1, renewals, "the line was told to connect again");
        assertNotEquals(factory.key().publicKey(), onTheLine(keeper));
    }

    @Test
    void renewsAtHalfLifeWithTheCertificateItself() {
        IdentityKeeper keeper = started();
        VerificationKey first = onTheLine(keeper);
        time.run(LIFETIME.dividedBy(2).minusMinutes(10));
        assertEquals(1, service.asked.size(), "not before");
        time.run(Duration.ofMinutes(10));
        assertEquals(List.of("FIRST as bootstrap", "RENEWAL as itself"), service.asked);
        assertEquals(2, renewals);
        assertNotEquals(first, onTheLine(keeper), "with a fresh key");
        time.run(LIFETIME.multipliedBy(10));
        assertTrue(service.asked.size() >= 20 && service.asked.size() <= 23, service.asked::toString);
    }

    @Test
    void signsWithTheKeyOfTheLineUntilTheLineHasChanged() {
        IdentityKeeper keeper = keeper();
        assertEquals(factory.key().publicKey(), onTheLine(keeper));
        keeper.start(() -> {});
        byte[] message = "manifest".getBytes(StandardCharsets.UTF_8);
        assertTrue(factory.key().publicKey().verify(message, keeper.sign(message)), "the line still has the old one");
        assertTrue(onTheLine(keeper).verify(message, keeper.sign(message)));
        assertFalse(factory.key().publicKey().verify(message, keeper.sign(message)));
    }

    @Test
    void anExpiredVehicleBeginsAnewWithItsBootstrapIdentity() {
        started();
        time.jump(Duration.ofDays(365));
        time.run(Duration.ofSeconds(10));
        assertEquals(List.of("FIRST as bootstrap", "FIRST as bootstrap"), service.asked);
    }

    @Test
    void beginsAnewWhenTheRenewalIsRefused() {
        service.refusingRenewals = true;
        started();
        time.run(LIFETIME.dividedBy(2).plusMinutes(1));
        assertEquals(List.of("FIRST as bootstrap", "RENEWAL as itself", "FIRST as bootstrap"), service.asked);
    }

    @Test
    void asksWhenTheFleetTurnsItAwayThoughTheCertificateLooksGood() {
        IdentityKeeper keeper = started();
        time.run(Duration.ofMinutes(1));
        service.refusingRenewals = true;
        keeper.turnedAway("certificate was taken back");
        assertEquals(List.of("FIRST as bootstrap", "RENEWAL as itself", "FIRST as bootstrap"), service.asked);
        assertEquals(2, renewals);
    }

    @Test
    void goesOnAskingWhileNobodyAnswersAndAtOnceWhenTheFleetIsThereAgain() {
        service.silent = true;
        IdentityKeeper keeper = started();
        time.run(Duration.ofHours(1));
        int tries = service.asked.size();
        assertTrue(tries >= 25 && tries <= 70, "about one in two minutes, not " + tries);
        service.silent = false;
        keeper.turnedAway("the factory's certificate has expired");
        assertEquals(tries + 1, service.asked.size(), "without waiting");
        assertEquals(1, renewals);
    }

    @Test
    void asksEverMoreSeldomWhileItIsRefused() {
        service.refusing = true;
        IdentityKeeper keeper = started();
        for (int minute = 0; minute < 24 * 60; minute++) {
            keeper.turnedAway("blocked");
            time.run(Duration.ofMinutes(1));
        }
        assertTrue(service.asked.size() >= 24 && service.asked.size() <= 70, "tries in a day: " + service.asked.size());
        assertEquals(0, renewals);
        assertEquals(factory.key().publicKey(), onTheLine(keeper), "what it has goes on being used");
    }

    @Test
    void aClockThatIsYearsAheadCostsOneCertificateInTenSecondsAtMost() {
        started();
        time.jump(Duration.ofDays(3650));
        service.asked.clear();
        fleet = new CertificateAuthority(
                fleetKey, fleet.certificate(), () -> time.instant().minus(Duration.ofDays(3650)), random);
        time.run(Duration.ofMinutes(1));
        assertTrue(service.asked.size() <= 7, service.asked::toString);
        assertTrue(renewals > 1, "and the certificates are used");
    }

    @Test
    void takesUpItsCertificateAfterARestart() {
        VerificationKey first = onTheLine(started());
        IdentityKeeper again = started();
        assertEquals(first, onTheLine(again));
        assertEquals(1, service.asked.size(), "nothing had to be asked");
    }

    @Test
    void believesNoCertificateOfAnotherVehicle() {
        service.vehicle = "car-2";
        IdentityKeeper keeper = started();
        assertEquals(factory.key().publicKey(), onTheLine(keeper));
        assertFalse(Files.exists(folder.resolve("identity.pem")));
    }

    @Test
    void believesNoCertificateOfAnotherMaker() {
        CertificateAuthority ours = root;
        FileSigner strangerKey = key();
        CertificateAuthority stranger = CertificateAuthority.newRoot(strangerKey, "root", YEARS, time, random);
        fleetKey = key();
        fleet = new CertificateAuthority(
                fleetKey, stranger.issueFleetAuthority("fleet", fleetKey.publicKey(), YEARS), time, random);
        assertNotEquals(ours.certificate(), stranger.certificate());
        IdentityKeeper keeper = started();
        assertEquals(factory.key().publicKey(), onTheLine(keeper));
        assertEquals(0, renewals);
    }

    @Test
    void aPowerCutWhileWritingLeavesTheOldCertificate() throws IOException {
        VerificationKey first = onTheLine(started());
        Path file = folder.resolve("identity.pem");
        byte[] whole = Files.readAllBytes(file);
        // what a cut leaves behind: the beginning of the next file beside the present one
        Files.write(folder.resolve("identity.pem.partial"), java.util.Arrays.copyOf(whole, whole.length / 2));
        IdentityKeeper again = started();
        assertEquals(first, onTheLine(again));
        time.run(LIFETIME.dividedBy(2).plusMinutes(1));
        assertNotEquals(first, onTheLine(again), "and the next renewal writes over the left-over");
    }

    @Test
    void aDamagedFileIsReplacedByANewCertificate() throws IOException {
        started();
        Path file = folder.resolve("identity.pem");
        byte[] whole = Files.readAllBytes(file);
        for (int length : new int[] {0, 10, whole.length / 2, whole.length - 40}) {
            Files.write(file, java.util.Arrays.copyOf(whole, length));
            service.asked.clear();
            started();
            assertEquals(List.of("FIRST as bootstrap"), service.asked, length + " bytes were left");
        }
    }

    @Test
    void theFileIsForItsOwnerOnly() throws IOException {
        started();
        assertEquals(
                "rw-------",
                PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("identity.pem"))));
    }

    @Test
    void oneRequestAtATime() {
        List<Runnable> later = new ArrayList<>();
        IdentityKeeper keeper = IdentityKeeper.open(
                folder.resolve("identity.pem"),
                factory,
                new EnrolmentParts(
                        service,
                        bootstrap,
                        () -> new TrustAnchor(root.certificate()),
                        time,
                        time,
                        later::add,
                        random,
                        EnrolmentPace.STANDARD));
        keeper.start(() -> renewals++);
        time.run(Duration.ofMinutes(10));
        keeper.turnedAway("no");
        assertEquals(1, later.size());
        service.underway = () -> keeper.turnedAway("again");
        later.getFirst().run();
        assertEquals(1, service.asked.size());
        assertEquals(1, renewals);
    }
}

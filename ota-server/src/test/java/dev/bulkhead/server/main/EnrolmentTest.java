package dev.bulkhead.server.main;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulkhead.security.enrol.EnrolmentRefusedException;
import dev.bulkhead.security.enrol.EnrolmentService.Kind;
import dev.bulkhead.security.enrol.EstClient;
import dev.bulkhead.security.keys.CertificateRequest;
import dev.bulkhead.security.keys.Certificates;
import dev.bulkhead.security.keys.ChainVerdict;
import dev.bulkhead.security.keys.ChannelBinding;
import dev.bulkhead.security.keys.FileSigner;
import dev.bulkhead.security.keys.KeyDirectory;
import dev.bulkhead.security.keys.KeyScheme;
import dev.bulkhead.security.keys.MutualTls;
import dev.bulkhead.security.keys.TlsIdentity;
import dev.bulkhead.server.broker.PahoVehicle;
import dev.bulkhead.server.web.CertificateViews;
import dev.bulkhead.server.web.ServerClient;
import dev.bulkhead.server.web.ServerClientException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.eclipse.paho.mqttv5.common.MqttException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Certificates given out, renewed and taken back: a real server, real TLS on both sides. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class EnrolmentTest {
    private static final Duration LIFETIME = Duration.ofHours(1);

    private final SecureRandom random = new SecureRandom();
    private Town town;
    private FleetServer server;
    private ServerClient client;

    @BeforeAll
    void start(@TempDir Path folder) {
        town = Town.founded(folder);
        restart();
    }

    private void restart() {
        stop();
        server = FleetServer.start(town.settings().withEnrolment(0, LIFETIME), Town.TIME, random);
        client = town.client(server);
    }

    @AfterAll
    void stop() {
        if (server != null) {
            client.close();
            server.close();
        }
    }

    private EstClient est() {
        return new EstClient(
                URI.create("https://127.0.0.1:" + server.estPort().orElseThrow()),
                town.keys::trustAnchor,
                Duration.ofSeconds(60));
    }

    private TlsIdentity bootstrap(String id) {
        if (!town.keys.vehicles().contains(id)) {
            town.keys.addVehicle(id, Optional.empty());
        }
        return town.keys.bootstrap(id).orElseThrow();
    }

    private TlsIdentity enrolled(TlsIdentity as, Kind kind) {
        FileSigner key = FileSigner.generate(KeyScheme.ECDSA_P256, random);
        return TlsIdentity.of(key, est().enrol(as, key, kind));
    }

    private PahoVehicle connect(String id, TlsIdentity as) throws Exception {
        return PahoVehicle.connect(server.mqttPort(), id, MutualTls.context(as, town.keys.trustAnchor()));
    }

    private static X509Certificate leaf(TlsIdentity identity) {
        return identity.chain().getFirst();
    }

    @Test
    void givesAVehicleWithItsBootstrapIdentityACertificateThatOpensTheBroker() throws Exception {
        TlsIdentity first = enrolled(bootstrap("car-first"), Kind.FIRST);
        assertEquals("car-first", first.commonName());
        assertEquals(2, first.chain().size(), "the enrolment authority comes with it");
        assertInstanceOf(
                ChainVerdict.Trusted.class, town.keys.trustAnchor().checkVehicle(first.chain(), Instant.now()));
        Instant end = leaf(first).getNotAfter().toInstant();
        assertFalse(end.isAfter(Instant.now().plus(LIFETIME)), "it is short-lived: " + end);
        try (PahoVehicle car = connect("car-first", first)) {
            assertTrue(car.connected());
        }
        CertificateViews.Certificate noted = client.certificates("car-first").getFirst();
        assertEquals(Certificates.serial(leaf(first)), noted.serial());
        assertEquals("", noted.revokedAt());
    }

    @Test
    void renewsACertificateForAnotherKey() throws Exception {
        TlsIdentity first = enrolled(bootstrap("car-renew"), Kind.FIRST);
        TlsIdentity second = enrolled(first, Kind.RENEWAL);
        assertNotEquals(Certificates.publicKey(leaf(first)), Certificates.publicKey(leaf(second)));
        assertNotEquals(Certificates.serial(leaf(first)), Certificates.serial(leaf(second)));
        try (PahoVehicle car = connect("car-renew", second)) {
            assertTrue(car.connected());
        }
    }

    @Test
    void theCertificateFromTheFactoryIsRenewedToo() {
        bootstrap("car-factory");
        assertEquals(
                "car-factory",
                enrolled(town.keys.vehicle("car-factory"), Kind.RENEWAL).commonName());
    }

    @Test
    void aBootstrapCertificateOpensNoBrokerAndIsNotRenewed() {
        TlsIdentity bootstrap = bootstrap("car-boot");
        assertThrows(MqttException.class, () -> connect("car-boot", bootstrap));
        EnrolmentRefusedException refused =
                assertThrows(EnrolmentRefusedException.class, () -> enrolled(bootstrap, Kind.RENEWAL));
        assertEquals(403, refused.status(), refused.getMessage());
        assertTrue(String.valueOf(refused.getMessage()).contains("simpleenroll"), refused.getMessage());
    }

    @Test
    void anExpiredVehicleIsRefusedEverywhereAndRecoversThroughItsBootstrapIdentity() throws Exception {
        TlsIdentity expired = expired("car-late");
        TlsIdentity bootstrap = bootstrap("car-late");
        assertThrows(MqttException.class, () -> connect("car-late", expired));
        assertThrows(RuntimeException.class, () -> enrolled(expired, Kind.RENEWAL));
        assertThrows(RuntimeException.class, () -> enrolled(expired, Kind.FIRST));
        try (PahoVehicle car = connect("car-late", enrolled(bootstrap, Kind.FIRST))) {
            assertTrue(car.connected());
        }
    }

    private TlsIdentity expired(String id) {
        InstantSource yesterday = InstantSource.offset(InstantSource.system(), Duration.ofDays(-1));
        KeyDirectory then = new KeyDirectory(town.keys.folder(), yesterday, random, KeyDirectory.Validity.USUAL);
        FileSigner key = FileSigner.generate(KeyScheme.ECDSA_P256, random);
        var fleet = then.authority("oem/fleet", Optional.empty());
        return TlsIdentity.of(
                key, List.of(fleet.issueVehicle(id, key.publicKey(), Duration.ofHours(1)), fleet.certificate()));
    }

    @Test
    void aCertificateTakenBackIsRefusedAtOnceAndItsConnectionEnds() throws Exception {
        TlsIdentity stolen = enrolled(bootstrap("car-stolen"), Kind.FIRST);
        try (PahoVehicle thief = connect("car-stolen", stolen)) {
            client.revoke("car-stolen", new CertificateViews.RevocationOrder("", "stolen"));
            assertThrows(MqttException.class, () -> connect("car-stolen", stolen));
            EnrolmentRefusedException refused =
                    assertThrows(EnrolmentRefusedException.class, () -> enrolled(stolen, Kind.RENEWAL));
            assertEquals(403, refused.status(), refused.getMessage());
            assertTrue(await(() -> !thief.connected()), "the connection was ended");
        }
        CertificateViews.Certificate noted = client.certificates("car-stolen").getFirst();
        assertEquals("stolen", noted.reason());
        assertFalse(noted.revokedAt().isEmpty());
        try (PahoVehicle owner = connect("car-stolen", enrolled(bootstrap("car-stolen"), Kind.FIRST))) {
            assertTrue(owner.connected(), "the vehicle itself comes back through its bootstrap identity");
        }
    }

    @Test
    void theCertificateFromTheFactoryIsTakenBackWithTheOthers() throws Exception {
        bootstrap("car-old");
        TlsIdentity factory = town.keys.vehicle("car-old");
        connect("car-old", factory).close();
        client.revoke("car-old", new CertificateViews.RevocationOrder("", ""));
        assertThrows(MqttException.class, () -> connect("car-old", factory));
        assertEquals(
                403,
                assertThrows(EnrolmentRefusedException.class, () -> enrolled(factory, Kind.FIRST))
                        .status());
    }

    @Test
    void oneCertificateIsTakenBackByItsSerial() throws Exception {
        TlsIdentity one = enrolled(bootstrap("car-two"), Kind.FIRST);
        TlsIdentity other = enrolled(bootstrap("car-two"), Kind.FIRST);
        client.revoke("car-two", new CertificateViews.RevocationOrder(Certificates.serial(leaf(one)), "lost"));
        assertThrows(MqttException.class, () -> connect("car-two", one));
        try (PahoVehicle car = connect("car-two", other)) {
            assertTrue(car.connected());
        }
        ServerClientException nonsense = assertThrows(
                ServerClientException.class,
                () -> client.revoke("car-two", new CertificateViews.RevocationOrder("no such thing", "")));
        assertEquals(400, nonsense.status());
        assertEquals(
                404,
                assertThrows(
                                ServerClientException.class,
                                () -> client.revoke("nobody", new CertificateViews.RevocationOrder("", "")))
                        .status());
    }

    @Test
    void aBlockedVehicleIsOutAtOnceAndGetsNoCertificate() throws Exception {
        TlsIdentity identity = enrolled(bootstrap("car-blocked"), Kind.FIRST);
        try (PahoVehicle car = connect("car-blocked", identity)) {
            client.setBlocked("car-blocked", true);
            assertTrue(await(() -> !car.connected()), "the connection was ended");
        }
        assertThrows(MqttException.class, () -> connect("car-blocked", identity));
        assertEquals(
                403,
                assertThrows(EnrolmentRefusedException.class, () -> enrolled(bootstrap("car-blocked"), Kind.FIRST))
                        .status());
        client.setBlocked("car-blocked", false);
        connect("car-blocked", identity).close();
        assertTrue(await(() -> client.incidents(1000).stream()
                .anyMatch(each ->
                        each.cause().equals("enrol-refused") && each.vehicleId().equals("car-blocked"))));
    }

    @Test
    void aConnectionEndsWithItsCertificate() throws Exception {
        bootstrap("car-brief");
        FileSigner key = FileSigner.generate(KeyScheme.ECDSA_P256, random);
        var fleet = town.keys.authority("oem/fleet", Optional.empty());
        TlsIdentity brief = TlsIdentity.of(
                key,
                List.of(fleet.issueVehicle("car-brief", key.publicKey(), Duration.ofSeconds(20)), fleet.certificate()));
        try (PahoVehicle car = connect("car-brief", brief)) {
            assertTrue(await(() -> !car.connected()), "it ended");
            assertTrue(Instant.now().isAfter(leaf(brief).getNotAfter().toInstant()), "but not before its time");
        }
    }

    @Test
    void certificatesOfAnAuthorityThatWasReplacedCountNoMore() throws Exception {
        TlsIdentity before = enrolled(bootstrap("car-authority"), Kind.FIRST);
        town.keys.replaceEnrolmentAuthority(Optional.empty());
        restart();
        assertThrows(MqttException.class, () -> connect("car-authority", before));
        assertEquals(
                403,
                assertThrows(EnrolmentRefusedException.class, () -> enrolled(before, Kind.RENEWAL))
                        .status());
        try (PahoVehicle car = connect("car-authority", enrolled(bootstrap("car-authority"), Kind.FIRST))) {
            assertTrue(car.connected());
        }
    }

    @Test
    void nobodyGetsMoreThanThirtyCertificatesAnHour() {
        TlsIdentity bootstrap = bootstrap("car-greedy");
        int status = 200;
        int given = 0;
        while (status == 200 && given <= 31) {
            try {
                enrolled(bootstrap, Kind.FIRST);
                given++;
            } catch (EnrolmentRefusedException e) {
                status = e.status();
            }
        }
        assertEquals(429, status);
        assertEquals(30, given);
    }

    // what only a hostile or clumsy client sends

    private HttpResponse<String> post(String operation, SSLContext tls, String type, String body) throws Exception {
        try (HttpClient http = HttpClient.newBuilder().sslContext(tls).build()) {
            return http.send(
                    HttpRequest.newBuilder(uri(operation))
                            .header("Content-Type", type)
                            .POST(BodyPublishers.ofString(body))
                            .build(),
                    BodyHandlers.ofString());
        }
    }

    private URI uri(String operation) {
        return URI.create("https://127.0.0.1:" + server.estPort().orElseThrow() + "/.well-known/est/" + operation);
    }

    private SSLContext as(TlsIdentity identity) {
        return MutualTls.context(identity, town.keys.trustAnchor());
    }

    private SSLContext asNobody() throws Exception {
        KeyStore trust = town.keys.trustAnchor().toTrustStore();
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(trust);
        SSLContext context = SSLContext.getInstance("TLSv1.3");
        context.init(null, factory.getTrustManagers(), random);
        return context;
    }

    /** One request over a connection of its own, made from what that connection, or another, is bound by. */
    private String overConnection(SSLContext tls, Function<SSLSocket, byte[]> request) throws Exception {
        try (SSLSocket socket = (SSLSocket) MutualTls.clientSockets(tls)
                .createSocket("127.0.0.1", server.estPort().orElseThrow())) {
            socket.setSoTimeout(30_000);
            socket.startHandshake();
            String body = Base64.getEncoder().encodeToString(request.apply(socket));
            socket.getOutputStream()
                    .write(("POST /.well-known/est/simpleenroll HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
                                    + "Content-Type: application/pkcs10\r\nContent-Length: " + body.length()
                                    + "\r\n\r\n"
                                    + body)
                            .getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readNBytes(64 << 10), StandardCharsets.US_ASCII);
        }
    }

    private static ChannelBinding binding(SSLSocket socket) {
        return ChannelBinding.of(socket.getSession()).orElseThrow();
    }

    @Test
    void aRequestCountsOnTheConnectionItWasMadeForAndOnNoOther() throws Exception {
        SSLContext tls = as(bootstrap("car-bound"));
        FileSigner key = FileSigner.generate(KeyScheme.ECDSA_P256, random);
        byte[][] captured = new byte[1][];
        String answer = overConnection(tls, socket -> {
            captured[0] = CertificateRequest.sign("car-bound", key, binding(socket));
            return captured[0];
        });
        assertTrue(answer.startsWith("HTTP/1.1 200"), answer);
        String replayed = overConnection(tls, socket -> captured[0]);
        assertTrue(replayed.startsWith("HTTP/1.1 403") && replayed.contains("not made for this connection"), replayed);
        String unbound = overConnection(tls, socket -> CertificateRequest.sign("car-bound", key));
        assertTrue(unbound.startsWith("HTTP/1.1 403") && unbound.contains("challenge password"), unbound);
        assertEquals(1, client.certificates("car-bound").size(), "nothing was given out for the other two");
    }

    private String request(String id) {
        return Base64.getMimeEncoder()
                .encodeToString(CertificateRequest.sign(id, FileSigner.generate(KeyScheme.ECDSA_P256, random)));
    }

    @Test
    void everybodyMayAskForTheAuthoritiesButWhoEnrolsShowsACertificate() throws Exception {
        try (HttpClient http = HttpClient.newBuilder().sslContext(asNobody()).build()) {
            HttpResponse<String> authorities =
                    http.send(HttpRequest.newBuilder(uri("cacerts")).build(), BodyHandlers.ofString());
            assertEquals(200, authorities.statusCode());
            assertTrue(
                    authorities.headers().firstValue("Content-Type").orElse("").startsWith("application/pkcs7-mime"));
            HttpResponse<String> wanted =
                    http.send(HttpRequest.newBuilder(uri("csrattrs")).build(), BodyHandlers.ofString());
            assertEquals(200, wanted.statusCode());
            assertEquals(
                    "300b06092a864886f70d010907",
                    HexFormat.of().formatHex(Base64.getDecoder().decode(wanted.body())),
                    "a challenge password is wanted");
        }
        assertEquals(
                401,
                post("simpleenroll", asNobody(), "application/pkcs10", request("car-x"))
                        .statusCode());
    }

    @Test
    void aVehicleGetsNoCertificateOfAnother() throws Exception {
        HttpResponse<String> refused =
                post("simpleenroll", as(bootstrap("car-mallory")), "application/pkcs10", request("car-alice"));
        assertEquals(403, refused.statusCode());
        assertTrue(refused.body().contains("car-alice"), refused.body());
    }

    @Test
    void aServersCertificateIsNotAVehicles() throws Exception {
        try {
            int status = post("simpleenroll", as(town.keys.server()), "application/pkcs10", request("car-x"))
                    .statusCode();
            assertEquals(401, status);
        } catch (java.io.IOException e) {
            // TLS refused it already: it is not made for clients
        }
    }

    @Test
    void nonsenseGetsAnAnswerThatSaysWhatIsWrong() throws Exception {
        SSLContext car = as(bootstrap("car-clumsy"));
        assertEquals(415, post("simpleenroll", car, "text/plain", "hello").statusCode());
        assertEquals(400, post("simpleenroll", car, "application/pkcs10", "!!!").statusCode());
        assertEquals(
                400, post("simpleenroll", car, "application/pkcs10", "aGVsbG8=").statusCode());
        assertEquals(
                413,
                post("simpleenroll", car, "application/pkcs10", "A".repeat(100_000))
                        .statusCode());
        assertEquals(404, post("fullcmc", car, "application/pkcs7-mime", "").statusCode());
    }

    private static boolean await(BooleanSupplier condition) throws InterruptedException {
        for (int i = 0; i < 1200 && !condition.getAsBoolean(); i++) {
            Thread.sleep(50);
        }
        return condition.getAsBoolean();
    }
}

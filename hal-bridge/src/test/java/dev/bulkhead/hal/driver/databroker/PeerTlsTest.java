package dev.bulkhead.hal.driver.databroker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulkhead.contract.capability.SignalGlob;
import dev.bulkhead.hal.actuation.ActuatorBoard;
import dev.bulkhead.hal.databroker.CallerCommands;
import dev.bulkhead.hal.databroker.OpenAccess;
import dev.bulkhead.hal.databroker.proto.v2.DataType;
import dev.bulkhead.hal.databroker.proto.v2.Datapoint;
import dev.bulkhead.hal.databroker.proto.v2.EntryType;
import dev.bulkhead.hal.databroker.proto.v2.ListMetadataRequest;
import dev.bulkhead.hal.databroker.proto.v2.ListMetadataResponse;
import dev.bulkhead.hal.databroker.proto.v2.Metadata;
import dev.bulkhead.hal.databroker.proto.v2.SubscribeRequest;
import dev.bulkhead.hal.databroker.proto.v2.SubscribeResponse;
import dev.bulkhead.hal.databroker.proto.v2.VALGrpc;
import dev.bulkhead.hal.databroker.proto.v2.Value;
import dev.bulkhead.hal.driver.DriverException;
import dev.bulkhead.hal.driver.DriverRack;
import dev.bulkhead.hal.signal.DefaultVehicle;
import dev.bulkhead.hal.signal.SignalStore;
import dev.bulkhead.hal.time.ManualTime;
import dev.bulkhead.security.keys.CertificateAuthority;
import dev.bulkhead.security.keys.Certificates;
import dev.bulkhead.security.keys.FileSigner;
import dev.bulkhead.security.keys.KeyScheme;
import io.grpc.Server;
import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.netty.shaded.io.netty.handler.ssl.ClientAuth;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContextBuilder;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A databroker behind real TLS that wants to know who comes. */
@Timeout(120)
class PeerTlsTest {
    private static final String SPEED = "Vehicle.Speed";
    private static final Duration DAY = Duration.ofDays(1);

    private final Path folder;
    private final SecureRandom random = new SecureRandom();
    private final ManualTime time = new ManualTime();
    private final SignalStore store = new SignalStore(DefaultVehicle.tree(), time, time, 100);
    private final ActuatorBoard board = new ActuatorBoard(store, time, time, event -> {});
    private final DriverRack rack = new DriverRack(time, time, store, board);
    private final CertificateAuthority maker = authority();
    private Server server;

    PeerTlsTest(@TempDir Path folder) {
        this.folder = folder;
    }

    private CertificateAuthority authority() {
        return CertificateAuthority.newRoot(
                FileSigner.generate(KeyScheme.ECDSA_P256, random), "maker", DAY, InstantSource.system(), random);
    }

    /** Has one signal and tells its value. */
    private static final class Speedometer extends VALGrpc.VALImplBase {
        @Override
        public void listMetadata(ListMetadataRequest request, StreamObserver<ListMetadataResponse> client) {
            client.onNext(ListMetadataResponse.newBuilder()
                    .addMetadata(Metadata.newBuilder()
                            .setPath(SPEED)
                            .setId(7)
                            .setDataType(DataType.DATA_TYPE_FLOAT)
                            .setEntryType(EntryType.ENTRY_TYPE_SENSOR))
                    .build());
            client.onCompleted();
        }

        @Override
        public void subscribe(SubscribeRequest request, StreamObserver<SubscribeResponse> client) {
            client.onNext(SubscribeResponse.newBuilder()
                    .putEntries(
                            SPEED,
                            Datapoint.newBuilder()
                                    .setValue(Value.newBuilder().setFloat(42))
                                    .build())
                    .build());
        }
    }

    private PeerTls.Identity identity(CertificateAuthority of, String name) {
        FileSigner key = FileSigner.generate(KeyScheme.ECDSA_P256, random);
        key.write(folder.resolve(name + ".key"), Optional.empty());
        return new PeerTls.Identity(
                pem(name, of.issueVehicle(name, key.publicKey(), DAY)), folder.resolve(name + ".key"));
    }

    private Path pem(String name, X509Certificate certificate) {
        try {
            return Files.writeString(folder.resolve(name + ".pem"), Certificates.toPem(List.of(certificate)));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @BeforeEach
    void serve() throws IOException {
        FileSigner key = FileSigner.generate(KeyScheme.ECDSA_P256, random);
        key.write(folder.resolve("server.key"), Optional.empty());
        Path chain = pem("server", maker.issueServer(List.of("broker.car"), key.publicKey(), DAY));
        server = NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .sslContext(GrpcSslContexts.configure(SslContextBuilder.forServer(
                                chain.toFile(), folder.resolve("server.key").toFile()))
                        .trustManager(maker.certificate())
                        .clientAuth(ClientAuth.REQUIRE)
                        .build())
                .addService(new Speedometer())
                .build()
                .start();
    }

    @AfterEach
    void stop() throws InterruptedException {
        rack.close();
        server.shutdownNow();
        server.awaitTermination(10, TimeUnit.SECONDS);
    }

    private DatabrokerDriver driver(PeerTls tls) {
        BrokerPeer peer = new BrokerPeer(
                "127.0.0.1",
                server.getPort(),
                Optional.of(tls),
                Optional.of("a token, which may travel now"),
                List.of(new SignalGlob(SPEED)),
                List.of(),
                List.of(),
                List.of(),
                0);
        return new DatabrokerDriver(
                peer, new OpenAccess().caller(Optional.empty()).orElseThrow(), new CallerCommands(board));
    }

    private DatabrokerDriver started(PeerTls tls) {
        DatabrokerDriver driver = driver(tls);
        rack.start(driver);
        return driver;
    }

    private static void until(String what, BooleanSupplier holds) throws InterruptedException {
        for (int i = 0; i < 6_000 && !holds.getAsBoolean(); i++) {
            Thread.sleep(10);
        }
        assertTrue(holds.getAsBoolean(), what);
    }

    private void refused(PeerTls tls, String why) throws InterruptedException {
        DatabrokerDriver driver = started(tls);
        until("it is told why", () -> driver.problem().isPresent());
        String said = driver.problem().orElseThrow();
        assertTrue(said.matches("(?is).*(" + why + ").*"), said);
        assertTrue(Double.isNaN(store.cell(SPEED).orElseThrow().asDouble()));
    }

    private Path ca() {
        return pem("ca", maker.certificate());
    }

    @Test
    void signalsComeFromADatabrokerThatBothEndsBelieve() throws Exception {
        DatabrokerDriver driver =
                started(new PeerTls(ca(), Optional.of(identity(maker, "car-1")), Optional.of("broker.car")));
        until("the value came", () -> store.cell(SPEED).orElseThrow().asDouble() == 42);
        assertEquals(Optional.empty(), driver.problem());
    }

    @Test
    void aServerOfAnotherAuthorityIsNotBelieved() throws Exception {
        refused(
                new PeerTls(
                        pem("other", authority().certificate()),
                        Optional.of(identity(maker, "car-1")),
                        Optional.of("broker.car")),
                "TLS: .*(PKIX|certif).*");
    }

    @Test
    void aServerOfAnotherNameIsNotBelieved() throws Exception {
        refused(
                new PeerTls(ca(), Optional.of(identity(maker, "car-1")), Optional.of("another.car")),
                "TLS: .*another\\.car.*");
        refusedWithoutName();
    }

    private void refusedWithoutName() throws InterruptedException {
        DatabrokerDriver driver = driver(new PeerTls(ca(), Optional.of(identity(maker, "car-2")), Optional.empty()));
        try (DriverRack another = new DriverRack(time, time, store, board)) {
            another.start(driver);
            until("the host's own name counts then", () -> driver.problem().isPresent());
            assertTrue(driver.problem().orElseThrow().contains("127.0.0.1"), driver.problem()::toString);
        }
    }

    @Test
    void theServerMayRefuseWhoShowsNothingOrTheWrongThing() throws Exception {
        refused(new PeerTls(ca(), Optional.empty(), Optional.of("broker.car")), "certificate|closed|unavailable");
    }

    @Test
    void theServerRefusesACertificateOfAStranger() throws Exception {
        refused(
                new PeerTls(ca(), Optional.of(identity(authority(), "car-1")), Optional.of("broker.car")),
                "alert|certificate|closed|unavailable");
    }

    @Test
    void filesThatCannotBeUsedAreNamedBeforeAnythingIsTried() throws IOException {
        Path nothing = folder.resolve("nothing.pem");
        assertTrue(String.valueOf(assertThrows(
                                DriverException.class,
                                () -> driver(new PeerTls(nothing, Optional.empty(), Optional.empty())))
                        .getMessage())
                .contains("nothing.pem"));
        Path rubbish = Files.writeString(folder.resolve("rubbish.pem"), "rubbish");
        for (PeerTls.Identity bad : List.of(
                new PeerTls.Identity(nothing, nothing),
                new PeerTls.Identity(rubbish, rubbish),
                new PeerTls.Identity(ca(), rubbish))) {
            String said = String.valueOf(assertThrows(
                            DriverException.class, () -> driver(new PeerTls(ca(), Optional.of(bad), Optional.empty())))
                    .getMessage());
            assertTrue(said.contains("our certificate") && said.contains(".pem"), said);
        }
        assertThrows(IllegalArgumentException.class, () -> new PeerTls(ca(), Optional.empty(), Optional.of("a b\n")));
    }
}

package dev.bulkhead.cli.fleet;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulkhead.agent.main.SystemClock;
import dev.bulkhead.agent.main.SystemScheduler;
import dev.bulkhead.agent.ota.AuditHead;
import dev.bulkhead.agent.ota.FactoryRoots;
import dev.bulkhead.agent.ota.OtaClient;
import dev.bulkhead.agent.ota.OtaParts;
import dev.bulkhead.agent.ota.OtaSettings;
import dev.bulkhead.agent.ota.OtaStrand;
import dev.bulkhead.agent.ota.Steps;
import dev.bulkhead.agent.ota.Topics;
import dev.bulkhead.agent.ota.UptaneGate;
import dev.bulkhead.agent.ota.mqtt.MqttSettings;
import dev.bulkhead.agent.ota.mqtt.MqttTransport;
import dev.bulkhead.contract.pack.AppPackage;
import dev.bulkhead.contract.pack.PackageWriter;
import dev.bulkhead.security.keys.FileSigner;
import dev.bulkhead.security.keys.KeyDirectory;
import dev.bulkhead.security.keys.MutualTls;
import dev.bulkhead.security.keys.VendorIdentity;
import dev.bulkhead.security.signing.PackageSigner;
import dev.bulkhead.security.tuf.Lifetimes;
import dev.bulkhead.security.tuf.TrustCeremony;
import dev.bulkhead.security.tuf.VendorRole;
import dev.bulkhead.server.main.FleetServer;
import dev.bulkhead.server.main.ServerSettings;
import dev.bulkhead.server.repository.PackageFacts;
import dev.bulkhead.server.web.ServerClient;
import dev.bulkhead.server.web.Views;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The vehicle's real OTA client and a fleet server that goes away in the middle of a download. */
final class RestartedServerTest {
    private static final InstantSource TIME = InstantSource.system();
    private static final String CAR = "car-1";
    private static final String APP = "com.acme.climate";

    @TempDir
    private Path folder;

    private final SystemClock clock = new SystemClock();
    private final SystemScheduler scheduler = new SystemScheduler(clock);
    private final OtaStrand strand = new OtaStrand();
    private final ObedientInstaller installer = new ObedientInstaller();
    private KeyDirectory keys;
    private FleetServer server;
    private ServerClient client;

    @BeforeEach
    void found() {
        keys = new KeyDirectory(folder.resolve("keys"), TIME, new SecureRandom(), KeyDirectory.Validity.USUAL);
        TrustCeremony ceremony = new TrustCeremony(keys, Lifetimes.USUAL, TIME);
        keys.init(Optional.empty());
        ceremony.init(Optional.empty());
        keys.addServer(List.of(), Optional.empty());
        keys.addVehicle(CAR, Optional.empty());
        keys.addVendor(new VendorIdentity("acme", "com.acme"), Optional.empty());
        ceremony.addVendor("acme", Optional.empty());
        start(0);
    }

    private void start(int mqttPort) {
        server = FleetServer.start(
                ServerSettings.local(folder.resolve("server"), keys.folder(), "demo", mqttPort, 0),
                TIME,
                new SecureRandom());
        client = new ServerClient(URI.create("http://127.0.0.1:" + server.webPort()), server.token());
    }

    @AfterEach
    void stop() {
        strand.close();
        scheduler.close();
        client.close();
        server.close();
    }

    private OtaClient vehicle(Steps steps) throws IOException {
        MqttTransport transport = new MqttTransport(
                MqttSettings.standard(URI.create("ssl://127.0.0.1:" + server.mqttPort()), new Topics("demo", CAR)),
                MutualTls.context(keys.vehicle(CAR), keys.trustAnchor()),
                new byte[0],
                clock,
                new Random(1));
        Path trust = keys.folder().resolve("trust");
        FactoryRoots factory = new FactoryRoots(
                Files.readAllBytes(trust.resolve("director-root.json")),
                Files.readAllBytes(trust.resolve("image-root.json")));
        Path own = Files.createDirectories(folder.resolve("vehicle"));
        FileSigner identity = FileSigner.read(keys.folder().resolve("vehicles/car-1/vehicle.key"), Optional.empty());
        return OtaClient.open(
                OtaSettings.standard(CAR, "test", Map.of("region", "eu")),
                new OtaParts(
                        transport,
                        UptaneGate.open(CAR, Set.of("bulkhead-abi-1"), factory, installer, own, oem -> {}, TIME),
                        installer,
                        identity,
                        AuditHead.NONE,
                        (kind, detail) -> {
                            throw new AssertionError(kind + ": " + detail);
                        },
                        clock,
                        scheduler,
                        strand,
                        new Random(2),
                        steps),
                own);
    }

    private byte[] publish(String version, int release, int moduleBytes) {
        byte[] module = new byte[moduleBytes];
        new Random(release).nextBytes(module);
        String manifest = """
                [app]
                id = "%s"
                version = "%s"
                release = %d
                module = "climate.wasm"
                abi = 1
                """.formatted(APP, version, release);
        AppPackage unsigned = PackageWriter.assemble(
                manifest.getBytes(StandardCharsets.UTF_8), module, Optional.empty(), Optional.empty());
        PackageSigner signer = new PackageSigner(keys.vendorKey("acme", Optional.empty()), keys.vendorChain("acme"));
        byte[] envelope = signer.sign(
                        PackageFacts.read(PackageWriter.write(unsigned)).statement())
                .encode();
        byte[] sdvapp = PackageWriter.write(unsigned.signedBy(envelope));
        VendorRole role =
                new VendorRole(List.of(keys.vendorKey("acme", Optional.empty())), TIME, Lifetimes.USUAL.vendor());
        client.publish(sdvapp, "acme", role);
        return sdvapp;
    }

    private Views.Assignment done(String assignmentId) {
        Views.Assignment assignment = client.follow(assignmentId, Duration.ofSeconds(60), TIME, each -> {});
        assertTrue(assignment.finished(), assignment::toString);
        return assignment;
    }

    @Test
    void downloadGoesOnAfterTheServerWasRestarted() throws Exception {
        CountDownLatch some = new CountDownLatch(1);
        AtomicInteger blocks = new AtomicInteger();
        Steps steps = step -> {
            if (step == Steps.Step.BLOCK_MARKED && blocks.incrementAndGet() == 10) {
                some.countDown();
            }
        };
        int port = server.mqttPort();
        try (OtaClient vehicle = vehicle(steps)) {
            byte[] sdvapp = publish("1.0.0", 1, 12_000_000);
            Views.Assignment assignment = client.assign(APP, Optional.empty(), List.of());
            vehicle.start();
            assertTrue(some.await(60, TimeUnit.SECONDS), "some blocks arrived");
            client.close();
            server.close();
            start(port);
            assertEquals(
                    "succeeded", done(assignment.id()).vehicles().getFirst().state());
            assertArrayEquals(
                    sdvapp,
                    installer.content(
                            client.apps().getFirst().releases().getFirst().sha256()));
            int needed = (sdvapp.length + 131_071) / 131_072;
            assertEquals(needed, blocks.get(), "no block was written twice");
        }
    }
}

package dev.bulkhead.cli.fleet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.dylibso.chicory.wabt.Wat2Wasm;
import dev.bulkhead.agent.main.FleetAccess;
import dev.bulkhead.agent.main.RoadAgent;
import dev.bulkhead.agent.main.RoadSettings;
import dev.bulkhead.agent.main.SystemClock;
import dev.bulkhead.agent.ota.FactoryRoots;
import dev.bulkhead.contract.pack.AppPackage;
import dev.bulkhead.contract.pack.PackageWriter;
import dev.bulkhead.hal.signal.DefaultVehicle;
import dev.bulkhead.hal.time.VehicleClock;
import dev.bulkhead.security.keys.FileSigner;
import dev.bulkhead.security.keys.KeyDirectory;
import dev.bulkhead.security.keys.RepositoryKey;
import dev.bulkhead.security.keys.Signer;
import dev.bulkhead.security.keys.VendorIdentity;
import dev.bulkhead.security.policy.ActuatorFrames;
import dev.bulkhead.security.policy.VehiclePolicy;
import dev.bulkhead.security.signing.PackageSigner;
import dev.bulkhead.security.signing.PackageStatement;
import dev.bulkhead.security.tuf.Lifetimes;
import dev.bulkhead.security.tuf.TrustCeremony;
import dev.bulkhead.security.tuf.VendorRole;
import dev.bulkhead.server.main.FleetServer;
import dev.bulkhead.server.main.ServerSettings;
import dev.bulkhead.server.web.CertificateViews;
import dev.bulkhead.server.web.ServerClient;
import dev.bulkhead.server.web.Views;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A real agent and a real server over real TLS. TLS goes by the machine's clock, so certificates live for seconds here and
 * really expire; metadata lives for its usual time and the year is made by the clocks.
 */
final class LongSleepTest {
    private static final InstantSource MACHINE = InstantSource.system();
    private static final Duration YEAR = Duration.ofDays(366);
    private static final Duration CERTIFICATE = Duration.ofSeconds(24);
    private static final String CAR = "car-1";
    private static final String APP = "com.acme.climate";
    private static final String QUIET = """
            (module (memory (export "memory") 1)
              (func (export "alloc") (param i32) (result i32) (i32.const 1024))
              (func (export "on_start") (result i32) (i32.const 0))
              (func (export "on_event") (param i32 i32) (result i32) (i32.const 0)))
            """;
    private static final String POLICY = """
            [policy]
            name = "long sleep"
            epoch = 1
            [[vendor]]
            name = "acme"
            prefix = "com.acme"
            ceiling = ["signal ** read"]
            """;

    @TempDir
    private Path folder;

    private final SecureRandom random = new SecureRandom();
    private final SleepyClock clock = new SleepyClock();
    private KeyDirectory keys;
    private FleetServer server;
    private ServerClient client;
    private RoadAgent vehicle;

    /** Civil time can leap; the monotonic side stands still in sleep anyway. */
    private static final class SleepyClock implements VehicleClock {
        private final SystemClock real = new SystemClock();
        private final AtomicLong ahead = new AtomicLong();

        @Override
        public long nanos() {
            return real.nanos();
        }

        @Override
        public long unixMillis() {
            return real.unixMillis() + ahead.get();
        }

        void sleep(Duration time) {
            ahead.addAndGet(time.toMillis());
        }
    }

    @BeforeEach
    void found() throws IOException {
        keys = new KeyDirectory(folder.resolve("keys"), MACHINE, random, KeyDirectory.Validity.USUAL);
        TrustCeremony ceremony = new TrustCeremony(keys, Lifetimes.USUAL, MACHINE);
        keys.init(Optional.empty());
        ceremony.init(Optional.empty());
        keys.addServer(List.of(), Optional.empty());
        keys.addVehicle(CAR, Optional.empty());
        keys.addVendor(new VendorIdentity("acme", "com.acme"), Optional.empty());
        ceremony.addVendor("acme", Optional.empty());
        open(MACHINE, 0, 0);
        vehicle = start();
    }

    private void open(InstantSource time, int mqttPort, int estPort) {
        server = FleetServer.start(
                ServerSettings.local(folder.resolve("server"), keys.folder(), "demo", mqttPort, 0)
                        .withEnrolment(estPort, CERTIFICATE),
                time,
                MACHINE,
                random);
        client = new ServerClient(URI.create("http://127.0.0.1:" + server.webPort()), server.token());
    }

    private RoadAgent start() throws IOException {
        Path trust = keys.folder().resolve("trust");
        return RoadAgent.start(
                new RoadSettings(
                        CAR,
                        "test",
                        folder.resolve("vehicle"),
                        DefaultVehicle.tree(),
                        VehiclePolicy.parse(POLICY, "policy.toml"),
                        ActuatorFrames.none(),
                        keys.trustAnchor(),
                        List.of(),
                        Optional.of(new FleetAccess(
                                URI.create("ssl://127.0.0.1:" + server.mqttPort()),
                                "demo",
                                keys.vehicle(CAR),
                                FileSigner.read(keys.folder().resolve("vehicles/car-1/vehicle.key"), Optional.empty()),
                                new FactoryRoots(
                                        Files.readAllBytes(trust.resolve("director-root.json")),
                                        Files.readAllBytes(trust.resolve("image-root.json"))),
                                Set.of("bulkhead-abi-1"),
                                Map.of(),
                                Optional.of(new FleetAccess.Enrolment(
                                        URI.create("https://127.0.0.1:"
                                                + server.estPort().orElseThrow()),
                                        keys.bootstrap(CAR).orElseThrow())))),
                        0,
                        Optional.empty()),
                clock);
    }

    @AfterEach
    void stop() {
        vehicle.close();
        client.close();
        server.close();
    }

    private void publish(int release, InstantSource time) {
        String manifest = """
                [app]
                id = "%s"
                version = "%d.0.0"
                release = %d
                module = "app.wasm"
                abi = 1
                [update]
                probation = "1s"
                """.formatted(APP, release, release);
        AppPackage app = PackageWriter.assemble(
                manifest.getBytes(StandardCharsets.UTF_8), Wat2Wasm.parse(QUIET), Optional.empty(), Optional.empty());
        Signer key = keys.vendorKey("acme", Optional.empty());
        byte[] sdvapp = PackageWriter.write(app.signedBy(new PackageSigner(key, keys.vendorChain("acme"))
                .sign(PackageStatement.of(app))
                .encode()));
        client.publish(sdvapp, "acme", new VendorRole(List.of(key), time, Lifetimes.USUAL.vendor()));
    }

    private String running() {
        return vehicle.agent()
                .orchestrator()
                .app(APP)
                .flatMap(view -> view.slot().active())
                .map(edition -> edition.release().version())
                .orElse("");
    }

    private void update(int release, InstantSource time) throws InterruptedException {
        publish(release, time);
        await("the vehicle is online", () -> client.vehicles().stream().anyMatch(Views.Vehicle::online));
        Views.Assignment order = client.assign(APP, Optional.of(release + ".0.0"), List.of(CAR));
        await(release + ".0.0 is proven: " + order.id(), () -> state(order.id()).equals("succeeded"));
        assertEquals(release + ".0.0", running());
    }

    private String state(String assignment) {
        return client.assignment(assignment).vehicles().getFirst().state();
    }

    /** Every key of both repositories, the vendor's and the enrolment authority, and the metadata with them. */
    private void rotateEverything(TrustCeremony ceremony) {
        for (RepositoryKey key : RepositoryKey.values()) {
            ceremony.rotate(key, Optional.empty());
        }
        keys.rotateVendor("acme", Optional.empty());
        ceremony.addVendor("acme", Optional.empty());
        keys.replaceEnrolmentAuthority(Optional.empty());
    }

    @Test
    void updatesAtOnceWithoutARestartAfterAYearInWhichEveryKeyWasRotatedTwiceAndEverythingExpired() throws Exception {
        update(1, MACHINE);
        await(
                "it has a short-lived certificate",
                () -> !client.certificates(CAR).isEmpty());
        String before = client.certificates(CAR).getFirst().serial();
        int mqttPort = server.mqttPort();
        int estPort = server.estPort().orElseThrow();
        client.close();
        server.close();

        clock.sleep(YEAR);
        InstantSource later = InstantSource.offset(MACHINE, YEAR);
        rotateEverything(new TrustCeremony(keys, Lifetimes.USUAL, later));
        rotateEverything(new TrustCeremony(keys, Lifetimes.USUAL, later));
        Instant end = vehicle.certificateEnds().orElseThrow();
        await("its certificate has expired", () -> MACHINE.instant().isAfter(end));
        assertFalse(vehicle.agent().fleetStatus().orElseThrow().connected());

        open(later, mqttPort, estPort);
        update(2, later);
        List<CertificateViews.Certificate> given = client.certificates(CAR);
        assertNotEquals(before, given.getFirst().serial());
        assertTrue(
                vehicle.agent().fleetStatus().orElseThrow().lastRefusal().isEmpty(),
                () -> vehicle.agent().fleetStatus().toString());
    }

    private static void await(String what, BooleanSupplier condition) throws InterruptedException {
        for (int i = 0; i < 2400 && !condition.getAsBoolean(); i++) {
            Thread.sleep(100);
        }
        assertTrue(condition.getAsBoolean(), what);
    }
}

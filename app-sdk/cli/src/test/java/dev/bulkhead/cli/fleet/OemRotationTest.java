package dev.bulkhead.cli.fleet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.dylibso.chicory.wabt.Wat2Wasm;
import dev.bulkhead.agent.main.FleetAccess;
import dev.bulkhead.agent.main.RoadAgent;
import dev.bulkhead.agent.main.RoadSettings;
import dev.bulkhead.agent.ota.FactoryRoots;
import dev.bulkhead.contract.pack.AppPackage;
import dev.bulkhead.contract.pack.PackageWriter;
import dev.bulkhead.hal.signal.DefaultVehicle;
import dev.bulkhead.security.keys.FileSigner;
import dev.bulkhead.security.keys.KeyDirectory;
import dev.bulkhead.security.keys.Signer;
import dev.bulkhead.security.keys.TlsIdentity;
import dev.bulkhead.security.keys.TrustAnchor;
import dev.bulkhead.security.keys.VendorIdentity;
import dev.bulkhead.security.policy.ActuatorFrames;
import dev.bulkhead.security.policy.VehiclePolicy;
import dev.bulkhead.security.signing.PackageSigner;
import dev.bulkhead.security.signing.PackageStatement;
import dev.bulkhead.security.tuf.Lifetimes;
import dev.bulkhead.security.tuf.OemCeremony;
import dev.bulkhead.security.tuf.OemCeremony.Authority;
import dev.bulkhead.security.tuf.TrustCeremony;
import dev.bulkhead.security.tuf.VendorRole;
import dev.bulkhead.server.main.FleetServer;
import dev.bulkhead.server.main.ServerSettings;
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
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real agent and a real server over real TLS, while the OEM's root and its fleet authority are followed by others. */
final class OemRotationTest {
    private static final InstantSource TIME = InstantSource.system();
    private static final Optional<char[]> NONE = Optional.empty();
    private static final String CAR = "car-1";
    private static final String LATE = "car-2";
    private static final String APP = "com.acme.climate";
    private static final String QUIET = """
            (module (memory (export "memory") 1)
              (func (export "alloc") (param i32) (result i32) (i32.const 1024))
              (func (export "on_start") (result i32) (i32.const 0))
              (func (export "on_event") (param i32 i32) (result i32) (i32.const 0)))
            """;
    private static final String POLICY = """
            [policy]
            name = "another root"
            epoch = 1
            [[vendor]]
            name = "acme"
            prefix = "com.acme"
            ceiling = ["signal ** read"]
            """;

    @TempDir
    private Path folder;

    private final SecureRandom random = new SecureRandom();
    private KeyDirectory keys;
    private OemCeremony oem;
    private TrustAnchor factory;
    private FactoryRoots factoryRoots;
    private FleetServer server;
    private ServerClient client;
    private RoadAgent vehicle;

    @BeforeEach
    void found() throws IOException {
        keys = founded(folder.resolve("keys"));
        oem = new OemCeremony(keys, new TrustCeremony(keys, Lifetimes.USUAL, TIME), TIME);
        factory = keys.trustAnchor();
        Path trust = keys.folder().resolve("trust");
        factoryRoots = new FactoryRoots(
                Files.readAllBytes(trust.resolve("director-root.json")),
                Files.readAllBytes(trust.resolve("image-root.json")));
        open(keys, 0, 0);
        vehicle = start(CAR, keys.vehicle(CAR));
    }

    private KeyDirectory founded(Path home) {
        KeyDirectory made = new KeyDirectory(home, TIME, random, KeyDirectory.Validity.USUAL);
        TrustCeremony ceremony = new TrustCeremony(made, Lifetimes.USUAL, TIME);
        made.init(NONE);
        ceremony.init(NONE);
        made.addServer(List.of(), NONE);
        made.addVehicle(CAR, NONE);
        made.addVehicle(LATE, NONE);
        made.addVendor(new VendorIdentity("acme", "com.acme"), NONE);
        ceremony.addVendor("acme", NONE);
        return made;
    }

    private void open(KeyDirectory of, int mqttPort, int estPort) {
        server = FleetServer.start(
                ServerSettings.local(
                                of.folder().resolve("../server-" + of.folder().getFileName()),
                                of.folder(),
                                "demo",
                                mqttPort,
                                0)
                        .withEnrolment(estPort, Duration.ofHours(1)),
                TIME,
                random);
        client = new ServerClient(URI.create("http://127.0.0.1:" + server.webPort()), server.token());
    }

    /** With nothing but what left the factory before any rotation. */
    private RoadAgent start(String id, TlsIdentity identity) {
        return RoadAgent.start(new RoadSettings(
                id,
                "test",
                folder.resolve("vehicle-" + id),
                DefaultVehicle.tree(),
                VehiclePolicy.parse(POLICY, "policy.toml"),
                ActuatorFrames.none(),
                factory,
                List.of(),
                Optional.of(new FleetAccess(
                        URI.create("ssl://127.0.0.1:" + server.mqttPort()),
                        "demo",
                        identity,
                        FileSigner.read(keys.folder().resolve("vehicles/" + id + "/vehicle.key"), NONE),
                        factoryRoots,
                        Set.of("bulkhead-abi-1"),
                        Map.of(),
                        Optional.of(new FleetAccess.Enrolment(
                                URI.create(
                                        "https://127.0.0.1:" + server.estPort().orElseThrow()),
                                keys.bootstrap(id).orElseThrow())))),
                0,
                Optional.empty()));
    }

    @AfterEach
    void stop() {
        vehicle.close();
        client.close();
        server.close();
    }

    private void restart(KeyDirectory of) {
        int mqttPort = server.mqttPort();
        int estPort = server.estPort().orElseThrow();
        client.close();
        server.close();
        open(of, mqttPort, estPort);
    }

    private void publish(int release) {
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
        Signer key = keys.vendorKey("acme", NONE);
        byte[] sdvapp = PackageWriter.write(app.signedBy(new PackageSigner(key, keys.vendorChain("acme"))
                .sign(PackageStatement.of(app))
                .encode()));
        client.publish(sdvapp, "acme", new VendorRole(List.of(key), TIME, Lifetimes.USUAL.vendor()));
    }

    private void update(int release, String id) throws InterruptedException {
        await(
                id + " is online",
                () -> client.vehicles().stream().anyMatch(each -> each.id().equals(id) && each.online()));
        Views.Assignment order = client.assign(APP, Optional.of(release + ".0.0"), List.of(id));
        await(
                release + ".0.0 is proven on " + id + ": " + client.assignment(order.id()),
                () -> client.assignment(order.id())
                        .vehicles()
                        .getFirst()
                        .state()
                        .equals("succeeded"));
    }

    private long imageRootOf(String id) {
        return client.vehicles().stream()
                .filter(each -> each.id().equals(id))
                .findFirst()
                .orElseThrow()
                .imageRoot();
    }

    @Test
    void serverAndVehicleTalkOnThroughTheRotationAndTheRetirementOfBothAuthorities() throws Exception {
        publish(1);
        update(1, CAR);

        oem.rotate(Authority.OEM_ROOT, NONE);
        oem.rotate(Authority.OEM_FLEET, NONE);
        restart(keys);
        publish(2);
        update(2, CAR);
        assertEquals(2, imageRootOf(CAR), "the vehicle says that it knows both roots");

        oem.retire(Authority.OEM_ROOT, NONE);
        oem.retire(Authority.OEM_FLEET, NONE);
        restart(keys);
        publish(3);
        update(3, CAR);
        assertEquals(4, imageRootOf(CAR));

        vehicle.close();
        vehicle = start(CAR, keys.vehicle(CAR));
        publish(4);
        update(4, CAR);
    }

    @Test
    void aVehicleFromBeforeItAllFollowsWithItsOldRootOnly() throws Exception {
        oem.rotate(Authority.OEM_ROOT, NONE);
        oem.retire(Authority.OEM_ROOT, NONE);
        oem.rotate(Authority.OEM_ROOT, NONE);
        oem.retire(Authority.OEM_ROOT, NONE);
        restart(keys);
        publish(1);
        try (RoadAgent late = start(LATE, keys.vehicle(LATE))) {
            update(1, LATE);
            await(
                    "it has a certificate of the enrolment authority",
                    () -> !client.certificates(LATE).isEmpty());
            assertTrue(late.agent().fleetStatus().orElseThrow().lastRefusal().isEmpty());
        }
    }

    @Test
    void aServerOfAnotherMakersRootIsNotTalkedTo() throws Exception {
        publish(1);
        update(1, CAR);
        KeyDirectory theirs = founded(folder.resolve("theirs"));
        new OemCeremony(theirs, new TrustCeremony(theirs, Lifetimes.USUAL, TIME), TIME)
                .rotate(Authority.OEM_ROOT, NONE);
        restart(theirs);
        await(
                "the attacker's server sees vehicles hang up",
                () -> client.incidents(50).stream()
                                .filter(incident -> incident.toString().contains("certificate"))
                                .count()
                        >= 2);
        assertFalse(client.vehicles().stream().anyMatch(Views.Vehicle::online));
        assertFalse(vehicle.agent().fleetStatus().orElseThrow().connected());
        restart(keys);
        publish(2);
        update(2, CAR);
    }

    private static void await(String what, BooleanSupplier condition) throws InterruptedException {
        for (int i = 0; i < 1200 && !condition.getAsBoolean(); i++) {
            Thread.sleep(100);
        }
        assertTrue(condition.getAsBoolean(), what);
    }
}
